using RxChain.Engine;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Hosting;
using RxChain.Protocol.V1;
using Commitment = RxChain.Protocol.V1.Commitment;
using EngineCommitment = RxChain.Engine.Commitment;

namespace RxChain.GrpcApi.Reading;

/// <summary>Follows the log for one watcher, reading from it as fast as the watcher takes events and no faster.</summary>
internal sealed class EventWatcher(ILedgerNode node)
{
    // A watcher whose filter lets nothing pass learns this often where to resume.
    private const int LeavesPerProgress = 1_000;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(
        WatchEventsRequest request, PatientWriter<WatchEventsResponse> responses, CancellationToken cancellationToken)
    {
        if (request.FromIndex < 0)
            throw RpcErrors.Malformed("from_index: negative");
        var filter = new WatchFilter(request);
        var commitment = request.Commitment == Commitment.Final ? EngineCommitment.Final : EngineCommitment.Ordered;
        int skipped = 0;
        for (long next = request.FromIndex; ;)
        {
            long size = await node.WaitBeyondAsync(next, commitment, cancellationToken);
            while (next < size)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var found = LedgerEvents.Read(next, node.ReadLeaf(next));
                next++;
                bool passes = found is not null && filter.Passes(found);
                skipped = passes ? 0 : skipped + 1;
                if (passes || skipped % LeavesPerProgress == 0)
                    await responses.WriteAsync(new WatchEventsResponse { Event = passes ? found : null, NextIndex = next });
            }
        }
    }
}
