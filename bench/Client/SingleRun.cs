using System.Diagnostics;
using Google.Protobuf;
using RxChain.Bench.Workload;
using RxChain.Protocol.V1;

namespace RxChain.Bench.Client;

/// <summary>Submits one event after the other and times each.</summary>
internal sealed class SingleRun(PrescriptionService.PrescriptionServiceClient node, Commitment commitment)
{
    /// <summary>Submissions before those that count.</summary>
    public const int WarmUp = 50;

    public async Task<ClientReport> RunAsync(List<BulkMessage> messages, CancellationToken cancellationToken)
    {
        var latencies = new List<double>(messages.Count);
        var whole = Stopwatch.StartNew();
        foreach (var message in messages)
        {
            var clock = Stopwatch.StartNew();
            var request = new SubmitEventRequest
            {
                Envelope = UnsafeByteOperations.UnsafeWrap(message.Envelopes[0]),
                Commitment = commitment,
            };
            await node.SubmitEventAsync(request, cancellationToken: cancellationToken);
            latencies.Add(clock.Elapsed.TotalMilliseconds);
        }
        return new ClientReport
        {
            Accepted = latencies.Count,
            Seconds = whole.Elapsed.TotalSeconds,
            LatenciesMs = [.. latencies.Skip(WarmUp).Order()],
        };
    }
}
