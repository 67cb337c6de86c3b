using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using RxChain.Grpc.EchoServer;
using RxChain.Grpc.Tests.Peers;

namespace RxChain.Grpc.Tests.Clients;

/// <summary>Upstream's client with generated stubs, against each server: the scenarios of js/scenarios.js and more.</summary>
public abstract class ClientTests(EchoServerSuite suite) : IDisposable
{
    private const int Mebibyte = 1 << 20;
    private const int Streams = 2000;

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(suite.Address);

    protected Echo.EchoClient Client => new(_channel);

    public void Dispose()
    {
        _channel.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Unary_Request_IsAnswered()
    {
        using var call = Client.UnaryAsync(Text("héllo"));

        Assert.Equal("héllo", (await call).Payload.ToStringUtf8());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public void Unary_Blocking_IsAnswered() =>
        Assert.Equal("x", Client.Unary(Text("x")).Payload.ToStringUtf8());

    [Fact]
    public async Task ClientStreaming_ThreeRequests_AreCounted()
    {
        var reply = await Collect(Text("a"), Text("bc"), Text("def"));

        Assert.Equal((3, 6), (reply.RequestCount, reply.RequestBytes));
    }

    [Fact]
    public async Task ServerStreaming_FiveReplies_AllCome()
    {
        using var call = Client.Repeat(new EchoRequest(Text("x")) { ReplyCount = 5 });

        var replies = await call.ResponseStream.ReadAllAsync().Select(reply => reply.Payload.ToStringUtf8()).ToListAsync();

        Assert.Equal(Enumerable.Repeat("x", 5), replies);
    }

    [Fact]
    public async Task Duplex_PingPong_KeepsStep()
    {
        using var call = Client.Chat();
        for (var i = 0; i < 10; i++)
            Assert.Equal($"{i}", await Ask(call, $"{i}"));
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Metadata_TextAndBytes_ComeBack()
    {
        byte[] bytes = [0, 255, 128, 10, 44];
        var sent = new Metadata
        {
            { "Echo-Text", "one" },
            { "echo-text", "two" },
            { "echo-data-bin", bytes },
            { "trail-text", "last" },
            { "trail-data-bin", bytes },
        };

        using var call = Client.UnaryAsync(Text(""), sent);
        var headers = await call.ResponseHeadersAsync;
        await call;
        var trailers = call.GetTrailers();

        Assert.Equal("one,two", TextOf(headers, "echo-text"));
        Assert.Equal(bytes, headers.GetValueBytes("echo-data-bin"));
        Assert.Equal("last", trailers.GetValue("trail-text"));
        Assert.Equal(bytes, trailers.GetValueBytes("trail-data-bin"));
    }

    [Fact]
    public async Task Intercept_Headers_ReachTheServer()
    {
        var client = new Echo.EchoClient(_channel.Intercept(headers => [.. headers, new("echo-by", "interceptor")]));

        using var call = client.UnaryAsync(Text(""));
        await call;

        Assert.Equal("interceptor", (await call.ResponseHeadersAsync).GetValue("echo-by"));
    }

    [Fact]
    public async Task CallCredentials_Composed_ReachTheServerInOrder()
    {
        using var channel = GrpcChannel.ForAddress(
            suite.Address, new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });
        var credentials = CallCredentials.Compose(Token("one"), Token("two"));

        using var call = new Echo.EchoClient(channel).UnaryAsync(Text(""), new CallOptions(credentials: credentials));
        await call;

        Assert.Equal("one,two", TextOf(await call.ResponseHeadersAsync, "echo-token"));
    }

    [Fact]
    public async Task Deadline_Passed_EndsTheCallOnBothSides()
    {
        var before = await Cancelled();

        var error = await Error(new EchoRequest { Hang = true }, DateTime.UtcNow.AddMilliseconds(200));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal(before + 1, await Cancelled(before + 1));
    }

    [Fact]
    public async Task Cancellation_MidStream_EndsTheCallOnBothSides()
    {
        var before = await Cancelled();
        using var cancellation = new CancellationTokenSource();
        using var call = Client.Repeat(
            new EchoRequest { ReplyCount = 3, Hang = true }, cancellationToken: cancellation.Token);
        for (var i = 0; i < 3; i++)
            Assert.True(await call.ResponseStream.MoveNext());

        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Equal(before + 1, await Cancelled(before + 1));
    }

    [Fact]
    public async Task Error_TrailersOnly_HasCodeAndMessage()
    {
        var failure = new Failure { Code = (int)StatusCode.Aborted, Message = "überholt: 100 %\n次" };

        var error = await Error(new EchoRequest { Failure = failure });

        Assert.Equal((StatusCode.Aborted, failure.Message), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Error_AfterReplies_ComesLast()
    {
        var failure = new Failure { Code = (int)StatusCode.DataLoss, Message = "late" };
        using var call = Client.Repeat(new EchoRequest { ReplyCount = 2, Failure = failure });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal((StatusCode.DataLoss, "late"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Error_WithDetails_CarriesGoogleRpcStatus()
    {
        var failure = new Failure { Code = (int)StatusCode.FailedPrecondition, Message = "no", Reason = "UNITS_EXCEEDED" };

        var error = await Error(new EchoRequest { Failure = failure });
        var status = Google.Rpc.Status.Parser.ParseFrom(error.Trailers.GetValueBytes("grpc-status-details-bin"));

        Assert.Equal((failure.Code, "no"), (status.Code, status.Message));
        Assert.Equal("UNITS_EXCEEDED", status.Details.Single().Unpack<ErrorInfo>().Reason);
    }

    [Fact]
    public async Task UnknownMethod_Called_IsUnimplemented()
    {
        var method = new Method<string, string>(
            MethodType.Unary, "rxchain.test.v1.Echo", "Nothing", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        using var call = _channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, "");
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public async Task Request_TooLargeForTheServer_IsRefused()
    {
        var error = await Error(new EchoRequest { Payload = ByteString.CopyFrom(new byte[5 * Mebibyte]) });

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Reply_TooLargeForTheClient_IsRefused()
    {
        var error = await Error(new EchoRequest { ReplyBytes = 5 * Mebibyte });

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Gzip_RequestAndReply_AreRead()
    {
        var payload = ByteString.CopyFrom(new byte[Mebibyte]);
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };

        var reply = await Client.UnaryAsync(new EchoRequest { Payload = payload, Compress = true }, headers);

        Assert.Equal(payload, reply.Payload);
    }

    [Fact]
    public async Task Upload_100Mebibytes_Arrives()
    {
        var request = new EchoRequest { Payload = ByteString.CopyFrom(new byte[Mebibyte]) };

        var reply = await Collect([.. Enumerable.Repeat(request, 100)]);

        Assert.Equal((100, 100L * Mebibyte), (reply.RequestCount, reply.RequestBytes));
    }

    [Fact]
    public async Task Download_100Mebibytes_Arrives()
    {
        using var call = Client.Repeat(new EchoRequest { ReplyBytes = Mebibyte, ReplyCount = 100 });

        Assert.Equal(100L * Mebibyte, await call.ResponseStream.ReadAllAsync().Select(reply => (long)reply.Payload.Length).SumAsync());
    }

    [Fact]
    public async Task Streams_ThousandsOpenOnOneConnection_AllAnswer()
    {
        var calls = Enumerable.Range(0, Streams).Select(_ => Client.Chat()).ToList();

        var answers = await Task.WhenAll(calls.Select((call, i) => Ask(call, $"{i}")));
        await Task.WhenAll(calls.Select(call => call.RequestStream.CompleteAsync()));
        var more = await Task.WhenAll(calls.Select(call => call.ResponseStream.MoveNext()));

        Assert.Equal(Enumerable.Range(0, Streams).Select(i => $"{i}"), answers);
        Assert.DoesNotContain(true, more);
        calls.ForEach(call => call.Dispose());
    }

    private static EchoRequest Text(string text) => new() { Payload = ByteString.CopyFromUtf8(text) };

    private static CallCredentials Token(string token) => CallCredentials.FromInterceptor((context, headers) =>
    {
        headers.Add("echo-token", token);
        return Task.CompletedTask;
    });

    /// <summary>All texts of a key; servers may send several as one, with commas (RFC 9110, section 5.3).</summary>
    private static string TextOf(Metadata metadata, string key) =>
        string.Join(',', metadata.GetAll(key).SelectMany(entry => entry.Value.Split(',', StringSplitOptions.TrimEntries)));

    private static async Task<string> Ask(AsyncDuplexStreamingCall<EchoRequest, EchoReply> call, string text)
    {
        await call.RequestStream.WriteAsync(Text(text));
        Assert.True(await call.ResponseStream.MoveNext());
        return call.ResponseStream.Current.Payload.ToStringUtf8();
    }

    private async Task<EchoReply> Collect(params EchoRequest[] requests)
    {
        using var call = Client.Collect();
        foreach (var request in requests)
            await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        return await call;
    }

    private async Task<RpcException> Error(EchoRequest request, DateTime? deadline = null) =>
        await Assert.ThrowsAsync<RpcException>(() => Client.UnaryAsync(request, deadline: deadline).ResponseAsync);

    /// <summary>How many hung calls the server has seen being cancelled, once there are so many.</summary>
    private async Task<long> Cancelled(long atLeast = 0) =>
        (await Client.ObserveAsync(new() { WaitForCancelled = atLeast }, deadline: DateTime.UtcNow.AddSeconds(20))).Cancelled;
}
