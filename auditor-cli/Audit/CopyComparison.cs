using RxChain.Auditor.Findings;
using RxChain.Auditor.Sources;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Audit;

/// <summary>One copy that was compared.</summary>
/// <param name="Source">What was named.</param>
/// <param name="Checkpoint">Its checkpoint, read once: a live node may show another one a moment later.</param>
/// <param name="PolicyFinding">Why the policy does not take that checkpoint, or null.</param>
internal sealed record ComparedCopy(string Source, SignedCheckpoint Checkpoint, Finding? PolicyFinding);

/// <summary>Two copies that are no prefixes of one log: the proof that somebody signed two histories.</summary>
/// <param name="Leaf">The first leaf that differs.</param>
/// <param name="Shorter">The copy with fewer leaves.</param>
/// <param name="Longer">The other.</param>
internal sealed record Fork(long Leaf, ComparedCopy Shorter, ComparedCopy Longer);

/// <summary>How a comparison ended. <see cref="Copies"/> are in the order of their sizes, as far as they could be read.</summary>
internal sealed record ComparisonReport(IReadOnlyList<ComparedCopy> Copies, Finding? Finding, Fork? Fork)
{
    public ExitCode Exit => Finding?.Exit ?? ExitCode.Verified;
}

/// <summary>
/// Compares copies of a ledger. Each must have the leaves that its checkpoint says, the shorter be the beginning of the
/// longer, and each checkpoint have the signatures that the policy asks for. Hashes only: one pass over each copy, in
/// bounded memory, and one more over two copies that differ.
/// </summary>
/// <param name="policy">Whose signatures count.</param>
/// <param name="client">What live nodes are shown; null when all copies are files, or live on loopback without TLS.</param>
internal sealed class CopyComparison(TlogPolicy policy, ClientFiles? client)
{
    public ComparisonReport Run(IReadOnlyList<string> names)
    {
        var copies = new List<ComparedCopy>();
        foreach (string name in names)
        {
            var read = Open(
                name, source => CheckpointCheck.Read(source, new AuditRequest { Policy = policy }), problem => new CheckpointCheck(null, [], problem));
            if (read.Checkpoint is not { Checkpoint.Size: > 0 } checkpoint)
                return new ComparisonReport(copies, Named(name, read.Finding), null);
            copies.Add(new ComparedCopy(name, checkpoint, read.Finding));
        }
        copies = [.. copies.OrderBy(copy => copy.Checkpoint.Checkpoint.Size)];
        if (copies.Find(copy => OriginOf(copy) != OriginOf(copies[0])) is { } other)
        {
            string message = $"{copies[0].Source} is of the network {OriginOf(copies[0])}, {other.Source} of {OriginOf(other)}";
            return new ComparisonReport(copies, Finding.Tampered("consistency", message), null);
        }
        for (int i = 0; i < copies.Count; i++)
        {
            if (Hashes(copies[i], i == 0 ? null : copies[i - 1]) is not { } finding)
                continue;
            // A copy that contradicts its own checkpoint proves nothing about the others.
            var own = finding.Check == "consistency" ? Hashes(copies[i], null) : finding;
            return own is null
                ? Forked(copies, copies[i - 1], copies[i])
                : new ComparisonReport(copies, Named(copies[i].Source, own), null);
        }
        var unsigned = copies.Find(copy => copy.PolicyFinding is not null);
        return new ComparisonReport(copies, unsigned is null ? null : Named(unsigned.Source, unsigned.PolicyFinding), null);
    }

    private ComparisonReport Forked(List<ComparedCopy> copies, ComparedCopy shorter, ComparedCopy longer)
    {
        long leaf = FirstDifference(shorter, longer);
        var finding = Finding.Tampered("fork", $"{shorter.Source} and {longer.Source} are no copies of one log; both checkpoints are evidence", leaf);
        return new ComparisonReport(copies, finding, new Fork(leaf, shorter, longer));
    }

    private Finding? Hashes(ComparedCopy copy, ComparedCopy? beginning)
    {
        var request = new AuditRequest { HashesOnly = true, Checkpoint = copy.Checkpoint, Trusted = beginning?.Checkpoint.Checkpoint };
        return Open(copy.Source, source => new LedgerAudit(source, request).Run().Finding, problem => problem);
    }

    private static string OriginOf(ComparedCopy copy) => copy.Checkpoint.Checkpoint.Origin;

    private long FirstDifference(ComparedCopy one, ComparedCopy other) => Open(
        one.Source, first => Open(other.Source, second => FirstDifference(Leaves(first, one), Leaves(second, other)), _ => -1), _ => -1);

    private static IEnumerable<LeafRun> Leaves(ILogSource source, ComparedCopy copy) => source.ReadLeaves(copy.Checkpoint.Checkpoint.Size);

    private static long FirstDifference(IEnumerable<LeafRun> one, IEnumerable<LeafRun> other)
    {
        foreach (var (a, b) in one.Zip(other))
        {
            for (int i = 0; i < Math.Min(a.Leaves.Count, b.Leaves.Count); i++)
            {
                if (!a.Leaves[i].Span.SequenceEqual(b.Leaves[i].Span))
                    return a.First + i;
            }
        }
        return -1;
    }

    // A source is read once from its beginning: each pass opens it anew.
    private T Open<T>(string name, Func<ILogSource, T> read, Func<Finding, T> failed)
    {
        if (!LogSources.TryOpen(name, client, out var source, out var problem))
            return failed(problem);
        using (source)
            return read(source);
    }

    private static Finding? Named(string name, Finding? finding) => finding is null ? null : finding with { Message = $"{name}: {finding.Message}" };
}
