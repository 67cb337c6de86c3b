using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace RxChain.Grpc.EchoServer;

/// <summary>Does what requests say; see echo.proto.</summary>
internal sealed class EchoService(Observer observer) : Echo.EchoBase
{
    public override async Task<EchoReply> Unary(EchoRequest request, ServerCallContext context)
    {
        await Begin(request, context);
        await End(request, context);
        return Reply(request, context, 1, request.Payload.Length);
    }

    public override async Task<EchoReply> Collect(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        var (count, bytes, last) = (0, 0L, new EchoRequest());
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            (count, bytes, last) = (count + 1, bytes + request.Payload.Length, request);
        await Begin(last, context);
        await End(last, context);
        return Reply(last, context, count, bytes);
    }

    public override async Task Repeat(
        EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        await Begin(request, context);
        for (var i = 0; i < request.ReplyCount; i++)
        {
            var reply = Reply(request, context, 1, request.Payload.Length);
            await responseStream.WriteAsync(reply, context.CancellationToken);
        }
        await End(request, context);
    }

    public override async Task Chat(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        var (count, bytes) = (0, 0L);
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            (count, bytes) = (count + 1, bytes + request.Payload.Length);
            if (count == 1)
                await Begin(request, context);
            await responseStream.WriteAsync(Reply(request, context, count, bytes), context.CancellationToken);
            await End(request, context);
        }
    }

    public override async Task<Observation> Observe(ObserveRequest request, ServerCallContext context) => new()
    {
        Cancelled = await observer.WaitForCancelled(request.WaitForCancelled, context.CancellationToken),
    };

    private static async Task Begin(EchoRequest request, ServerCallContext context)
    {
        var headers = new Metadata();
        if (request.Compress)
            headers.Add("grpc-internal-encoding-request", "gzip");
        foreach (var entry in context.RequestHeaders)
        {
            if (entry.Key.StartsWith("echo-", StringComparison.Ordinal))
                headers.Add(entry);
            if (entry.Key.StartsWith("trail-", StringComparison.Ordinal))
                context.ResponseTrailers.Add(entry);
        }
        if (headers.Count > 0)
            await context.WriteResponseHeadersAsync(headers);
    }

    private async Task End(EchoRequest request, ServerCallContext context)
    {
        if (request.Hang)
            await WaitForCancellation(context.CancellationToken);
        if (request.Failure is { } failure)
            throw new RpcException(new((StatusCode)failure.Code, failure.Message), Details(failure));
    }

    private async Task WaitForCancellation(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            observer.CountCancelled();
        }
    }

    private static Metadata Details(Failure failure)
    {
        if (failure.Reason.Length == 0)
            return [];
        var info = new ErrorInfo { Reason = failure.Reason, Domain = "test.rxchain" };
        var status = new Google.Rpc.Status { Code = failure.Code, Message = failure.Message, Details = { Any.Pack(info) } };
        return new Metadata { { "grpc-status-details-bin", status.ToByteArray() } };
    }

    private static EchoReply Reply(EchoRequest request, ServerCallContext context, int count, long bytes) => new()
    {
        Payload = request.ReplyBytes == 0
            ? request.Payload
            : UnsafeByteOperations.UnsafeWrap(new byte[request.ReplyBytes]),
        RequestCount = count,
        RequestBytes = bytes,
        RequestEncoding = context.GetHttpContext().Request.Headers["grpc-encoding"].ToString(),
    };
}
