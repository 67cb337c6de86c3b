using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Hosting;
using RxChain.Ledger.Leaves;
using RxChain.Protocol.V1;
using Commitment = RxChain.Protocol.V1.Commitment;
using EngineCommitment = RxChain.Engine.Commitment;

namespace RxChain.GrpcApi.Reading;

/// <summary>
/// Follows the log for one watcher, reading from it as fast as the watcher takes events and no faster. Notices come from the
/// lookup index: a watcher that wants them is never ahead of it.
/// </summary>
internal sealed class EventWatcher(ILedgerNode node, ILookupIndex index)
{
    // A watcher whose filter lets nothing pass learns this often where to resume.
    private const int LeavesPerProgress = 1_000;

    private const int NoticesPerPage = 500;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(
        WatchEventsRequest request, PatientWriter<WatchEventsResponse> responses, CancellationToken cancellationToken)
    {
        if (request.FromIndex < 0)
            throw RpcErrors.Malformed("from_index: negative");
        var filter = new WatchFilter(request);
        int skipped = 0;
        for (long next = request.FromIndex; ;)
        {
            long size = await WaitBeyondAsync(next, request, cancellationToken);
            while (next < size)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var found = LedgerEvents.Read(node, next);
                bool told = request.IncludeLapses && found is null && await TellLapsesAsync(next, filter, responses, cancellationToken);
                next++;
                bool passes = found is not null && filter.Passes(node, found);
                skipped = passes || told ? 0 : skipped + 1;
                if (passes || told || skipped % LeavesPerProgress == 0)
                    await responses.WriteAsync(new WatchEventsResponse { Event = passes ? found : null, NextIndex = next });
            }
        }
    }

    private async Task<long> WaitBeyondAsync(long next, WatchEventsRequest request, CancellationToken cancellationToken)
    {
        var commitment = request.Commitment == Commitment.Final ? EngineCommitment.Final : EngineCommitment.Ordered;
        long size = await node.WaitBeyondAsync(next, commitment, cancellationToken);
        return request.IncludeLapses ? Math.Min(size, await index.WaitBeyondAsync(next, cancellationToken)) : size;
    }

    // True when the watcher was told something.
    private async Task<bool> TellLapsesAsync(
        long leaf, WatchFilter filter, PatientWriter<WatchEventsResponse> responses, CancellationToken cancellationToken)
    {
        bool told = false;
        IReadOnlyList<LookupNotice> page;
        for (int place = 0; (page = index.FindNotices(leaf, place, NoticesPerPage)).Count > 0; place += page.Count)
        {
            long ledgerTimeMs = LedgerTimeOf(leaf);
            foreach (var notice in page.Select(found => LapseNotices.Create(found, ledgerTimeMs)).Where(filter.Passes))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await responses.WriteAsync(new WatchEventsResponse { Notice = notice, NextIndex = leaf });
                told = true;
            }
        }
        return told;
    }

    private long LedgerTimeOf(long leaf) => SealLeaf.TryParse(node.ReadLeaf(leaf), out var seal) ? seal.LedgerTimeMs : 0;
}
