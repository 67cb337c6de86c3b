using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Client;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;
using RxChain.Protocol.V1;

namespace RxChain.SystemTests.Processes;

/// <summary>An accepted event, as the node acknowledged it.</summary>
internal sealed record Acknowledged(Hash32 EventId, long LeafIndex, bool Duplicate);

/// <summary>A connection to a node.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly GrpcChannel _channel;

    public NodeClient(Uri address, HttpMessageHandler? tls = null)
    {
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = tls, DisposeHttpClient = tls is not null });
        Prescriptions = new(_channel.CreateCallInvoker());
        Ledger = new(_channel.CreateCallInvoker());
        Health = new(_channel.CreateCallInvoker());
    }

    /// <summary>For calls without a stub.</summary>
    public CallInvoker Invoker => _channel.CreateCallInvoker();

    public PrescriptionService.PrescriptionServiceClient Prescriptions { get; }

    public LedgerService.LedgerServiceClient Ledger { get; }

    public global::Grpc.Health.V1.Health.HealthClient Health { get; }

    /// <summary>Where the node stands.</summary>
    public async Task<GetStatusResponse> StatusAsync() => await Ledger.GetStatusAsync(new());

    /// <summary>Waits until the node says what is wanted of its status.</summary>
    public async Task<GetStatusResponse> UntilAsync(Predicate<GetStatusResponse> wanted, TimeSpan patience)
    {
        for (var deadline = DateTime.UtcNow + patience; ; await Task.Delay(50))
        {
            var status = await StatusAsync();
            if (wanted(status))
                return status;
            Assert.True(DateTime.UtcNow < deadline, $"did not come to what was waited for: {status}");
        }
    }

    /// <summary>The node's final checkpoint, once that covers a leaf.</summary>
    public async Task<SignedCheckpoint> CheckpointOverAsync(long leaf)
    {
        await Ledger.GetReceiptAsync(new GetReceiptRequest { LeafIndex = leaf, Wait = true });
        return await CheckpointAsync();
    }

    /// <summary>The node's final checkpoint.</summary>
    public async Task<SignedCheckpoint> CheckpointAsync()
    {
        var text = await Ledger.GetCheckpointAsync(new());
        Assert.True(SignedCheckpoint.TryParse(System.Text.Encoding.UTF8.GetBytes(text.Checkpoint), out var checkpoint, out string? error), error);
        return checkpoint;
    }

    /// <summary>Submits one event that must be accepted.</summary>
    public async Task<Acknowledged> SubmitAsync(Envelope envelope, Commitment commitment = Commitment.Final, string requestId = "")
    {
        var response = await Prescriptions.SubmitEventAsync(new SubmitEventRequest
        {
            Envelope = ByteString.CopyFrom(envelope.Bytes),
            Commitment = commitment,
            RequestId = requestId,
        });
        return Read(envelope, response);
    }

    /// <summary>Opens a bulk stream.</summary>
    public BulkStream OpenBulk() => new(Prescriptions.SubmitEvents());

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    internal static Acknowledged Read(Envelope envelope, SubmitEventResponse response)
    {
        Assert.Equal(envelope.EventId, new Hash32(response.EventId.Span));
        return new Acknowledged(envelope.EventId, response.LeafIndex, response.Duplicate);
    }
}

/// <summary>One SubmitEvents call. Each event's request id is its event id.</summary>
internal sealed class BulkStream(AsyncDuplexStreamingCall<SubmitEventsRequest, SubmitEventsResponse> call) : IDisposable
{
    private ulong _requests;

    /// <summary>Submits events together and waits for the answer. All must be accepted.</summary>
    /// <exception cref="RpcException">The node has gone, or is stopping.</exception>
    public async Task<IReadOnlyList<Acknowledged>> SubmitAsync(Commitment commitment, IReadOnlyList<Envelope> envelopes)
    {
        var request = new SubmitEventsRequest { RequestNumber = ++_requests, Commitment = commitment };
        request.Events.Add(envelopes.Select(e => new BulkEvent
        {
            Envelope = UnsafeByteOperations.UnsafeWrap(e.Bytes),
            RequestId = e.EventId.ToString(),
        }));
        await call.RequestStream.WriteAsync(request);
        if (!await call.ResponseStream.MoveNext(CancellationToken.None))
            throw new RpcException(new Status(StatusCode.Unavailable, "the stream ended"));
        var response = call.ResponseStream.Current;
        Assert.Equal((request.RequestNumber, envelopes.Count), (response.RequestNumber, response.Results.Count));
        return [.. envelopes.Zip(response.Results, Read)];
    }

    /// <inheritdoc/>
    public void Dispose() => call.Dispose();

    private static Acknowledged Read(Envelope envelope, BulkResult result)
    {
        if (result.Error is { Code: (int)StatusCode.Unavailable } gone)
            throw new RpcException(new Status(StatusCode.Unavailable, gone.Message));
        Assert.True(result.Accepted is not null, $"refused: {result.Error}");
        return NodeClient.Read(envelope, result.Accepted!);
    }
}
