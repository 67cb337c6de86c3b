using RxChain.Auditor.Sources;

namespace RxChain.Auditor.Audit;

/// <summary>What a run that verified says nothing about.</summary>
internal static class Limits
{
    public static IReadOnlyList<string> Describe(ILogSource source, AuditRequest request, AuditCounts counts, long size)
    {
        var limits = new List<string>();
        if (request.Policy is null)
            limits.Add("who signed the checkpoint: no --policy was given, so nothing says that this is the network's ledger");
        if (source.CountLeavesAfter(size) is > 0 and var after)
            limits.Add($"{after} leaves from {size} on: not final, no quorum has cosigned them");
        if (request.HashesOnly)
            limits.Add("what the leaves say (--hashes-only): grammar, signatures, outcomes, seals and state roots");
        if (request.SinceTrusted)
            limits.Add($"signatures of the first {request.Trusted!.Size} leaves (--since-checkpoint): verified when that checkpoint was");
        if (counts.SkippedDuplicates > 0)
            limits.Add($"{counts.SkippedDuplicates} skipped duplicates: that each was on the ledger before, for the log keeps their hashes only");
        limits.AddRange(source.NotChecked);
        limits.AddRange(request.Observer?.NotChecked ?? []);
        limits.Add("batches that made no block: clock reports that came too late, duplicates, and what a proposer left out");
        limits.Add("content off the ledger: the documents behind commitments, identities behind keys, pack codes");
        return limits;
    }
}
