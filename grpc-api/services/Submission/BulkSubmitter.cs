using System.Threading.Channels;
using Grpc.Core;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Hosting;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Submission;

/// <summary>Works on several requests of a bulk stream at once and answers them in their order.</summary>
internal sealed class BulkSubmitter(EventSubmitter submitter)
{
    private const int MaxEvents = 64;
    private const int MaxEventBytes = 64 * 1024;
    private const int MaxRequestsUnderWay = 8;

    /// <summary>Runs until the caller has sent everything and everything is answered.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<SubmitEventsRequest> requests,
        PatientWriter<SubmitEventsResponse> responses,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var underWay = Channel.CreateBounded<Task<SubmitEventsResponse>>(MaxRequestsUnderWay);
        var reading = ReadAsync(requests, underWay.Writer, stop.Token);
        try
        {
            await foreach (var response in underWay.Reader.ReadAllAsync(stop.Token))
                await responses.WriteAsync(await response);
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    // An error ends the channel: it is thrown by its reader once what came before is answered.
    private async Task ReadAsync(
        IAsyncStreamReader<SubmitEventsRequest> requests,
        ChannelWriter<Task<SubmitEventsResponse>> underWay,
        CancellationToken cancellationToken)
    {
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                Check(requests.Current);
                await underWay.WaitToWriteAsync(cancellationToken);
                await underWay.WriteAsync(SubmitAsync(requests.Current, cancellationToken), cancellationToken);
            }
            underWay.Complete();
        }
        catch (Exception e)
        {
            underWay.Complete(e);
        }
    }

    private async Task<SubmitEventsResponse> SubmitAsync(SubmitEventsRequest request, CancellationToken cancellationToken)
    {
        var results = request.Events.Select(e =>
            submitter.SubmitAsync(e.Envelope.Memory, e.RequestId, request.Commitment, cancellationToken));
        return new SubmitEventsResponse
        {
            RequestNumber = request.RequestNumber,
            Results = { await Task.WhenAll(results) },
        };
    }

    private static void Check(SubmitEventsRequest request)
    {
        if (request.Events.Count is 0 or > MaxEvents)
            throw RpcErrors.Malformed($"events: {request.Events.Count}, must be 1 to {MaxEvents}");
        int bytes = request.Events.Sum(e => e.Envelope.Length);
        if (request.Events.Count > 1 && bytes > MaxEventBytes)
            throw RpcErrors.Malformed($"events: {bytes} bytes, more than {MaxEventBytes}");
    }
}
