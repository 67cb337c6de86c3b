using System.Diagnostics;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Replay;
using RxChain.Auditor.Sources;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Audit;

/// <summary>
/// One run over a source: checkpoint, hashes, replay and signatures. Runs of 256 leaves are parsed ahead on all cores,
/// replayed in order by this thread, and their signatures verified on all cores while later runs are replayed.
/// </summary>
internal sealed class LedgerAudit(ILogSource source, AuditRequest request, Action<long, long>? progress = null)
{
    private readonly AuditCounts _counts = new();
    private readonly SignatureQueue _signatures = new();
    private CheckpointCheck _head = new(null, [], null);
    private HashTileStream? _tree;
    private BlockReplay? _replay;

    /// <summary>Checks everything that was asked for.</summary>
    public AuditReport Run()
    {
        var clock = Stopwatch.StartNew();
        _head = CheckpointCheck.Read(source, request);
        var finding = _head.Finding;
        if (finding is null && _head.Checkpoint is { } checkpoint)
        {
            finding = request.Observer?.OnCheckpoint(checkpoint) ?? Stream(checkpoint.Checkpoint);
            finding ??= request.Observer?.OnVerified(_replay?.State);
        }
        var era = finding?.Exit == ExitCode.PolicyNotMet ? EraOfUnproved() : EraInForce.Of(_replay?.State, request.Policy);
        if (finding?.Exit == ExitCode.PolicyNotMet && era?.Mismatch is { } mismatch)
            finding = finding with { Message = $"{finding.Message}; {mismatch}" };
        if (finding is { Leaf: { } leaf, File: null })
            finding = finding with { File = source.FileOf(leaf) };
        var notChecked = finding is null ? Limits.Describe(source, request, _counts, _head.Checkpoint!.Checkpoint.Size) : ["everything after the finding"];
        _replay?.Dispose();
        return new AuditReport(source.Name, finding, _counts, notChecked, clock.Elapsed)
        {
            Origin = _head.Checkpoint?.Checkpoint.Origin,
            Size = _head.Checkpoint?.Checkpoint.Size ?? 0,
            Root = _head.Checkpoint?.Checkpoint.Root ?? default,
            CosignedBy = _head.CosignedBy,
            Era = finding is null || finding.Exit == ExitCode.PolicyNotMet ? era : null,
        };
    }

    // The policy may be that of an earlier era. The log can tell, when it holds otherwise.
    private EraInForce? EraOfUnproved() =>
        request is { HashesOnly: false, Observer: null } && _head.Checkpoint is { Checkpoint.Size: > 0 } checkpoint && Stream(checkpoint.Checkpoint) is null
            ? EraInForce.Of(_replay?.State, request.Policy) : null;

    private Finding? Stream(Checkpoint checkpoint)
    {
        _tree = new HashTileStream(CheckTile);
        _replay = request.HashesOnly ? null : new BlockReplay(checkpoint.Origin, request.Observer is { } observer ? observer.OnApplied : null);
        Finding? finding = null;
        foreach (var run in ParseAhead.Parse(source.ReadLeaves(checkpoint.Size), request.HashesOnly))
        {
            finding = CheckHashes(run, checkpoint) ?? Replay(run) ?? run.Run.Problem;
            progress?.Invoke(_counts.Leaves, checkpoint.Size);
            if (finding is not null)
                break;
        }
        finding = Finding.First(finding, _signatures.Drain());
        _counts.Signatures = _signatures.EventSignatures;
        return finding ?? CheckEnd(checkpoint);
    }

    private Finding? CheckHashes(ParsedRun run, Checkpoint checkpoint)
    {
        for (int i = 0; i < run.Leaves.Count; i++)
        {
            var finding = _tree!.Append(run.Leaves[i].Hash) ?? (_tree.Size == checkpoint.Size ? _tree.Finish() : null);
            if (finding is null && request.Trusted is { } trusted && _tree.Size == trusted.Size && _tree.Root != trusted.Root)
                finding = Finding.Tampered("consistency", $"the first {trusted.Size} leaves have root {_tree.Root.ToBase64()}, but the checkpoint you trust has {trusted.Root.ToBase64()}: history was changed", trusted.Size - 1);
            if (finding is not null)
                return finding;
        }
        _counts.Leaves += run.Leaves.Count;
        return request.Observer?.OnRun(run);
    }

    private Finding? CheckTile(TileId tile, ReadOnlyMemory<byte> computed)
    {
        if (request.Observer?.OnTile(tile, computed) is { } refused)
            return refused;
        if (!source.HasHashTiles)
            return null;
        var published = source.ReadHashTile(tile);
        if (published.Problem is not null)
            return published.Problem;
        _counts.HashTiles++;
        int same = published.Bytes.Span.CommonPrefixLength(computed.Span);
        if (same == computed.Length)
            return null;
        long place = tile.Index * TileId.FullWidth + same / Hash32.SizeBytes;
        return tile.Level == 0
            ? Finding.Tampered("leaf-hash", $"its hash is not the one in {published.Where}", place)
            : Finding.Tampered("hash-tile", $"hash {place} of level {tile.Level} is not that of the leaves below it", file: published.Where);
    }

    private Finding? Replay(ParsedRun run)
    {
        if (_replay is null)
            return null;
        var checks = new SignatureChecks();
        Finding? finding = null;
        foreach (var leaf in run.Leaves)
        {
            bool verifiedBefore = request.SinceTrusted && _replay.Next < request.Trusted!.Size;
            finding = _replay.Add(leaf, verifiedBefore ? null : checks, out var block);
            if (finding is not null)
                break;
            if (block is not null)
                Count(block);
        }
        return Finding.First(finding, _signatures.Add(checks, run.Run.SizeBytes));
    }

    private void Count(ReplayedBlock block)
    {
        _counts.Blocks++;
        _counts.Events += block.Events.Count;
        _counts.Accepted += block.Events.Count(e => e.Outcome == Prescriptions.Events.Outcome.Accepted);
        foreach (var e in block.Events.Where(e => e.Event!.StatementValid))
        {
            _counts.Statements++;
            _counts.TokenSignatures += e.Event!.Signed.Event.Claim?.Presence is null ? 1 : 0;
        }
        _counts.SkippedDuplicates += block.Seal.Skipped.Count;
        _counts.LastHeight = block.Seal.Height;
        _counts.LastLedgerTimeMs = block.Seal.LedgerTimeMs;
        request.Observer?.OnBlock(block);
    }

    private Finding? CheckEnd(Checkpoint checkpoint)
    {
        if (_tree!.Root != checkpoint.Root)
            return Finding.Tampered("tree-root", $"the {checkpoint.Size} leaves have root {_tree.Root.ToBase64()}, the checkpoint has {checkpoint.Root.ToBase64()}");
        if (_replay is not null && _replay.Head.Size != checkpoint.Size)
            return Finding.Tampered("block", $"the checkpoint is not right after a seal: the last one ends {_replay.Head.Size} leaves", checkpoint.Size - 1);
        return null;
    }
}
