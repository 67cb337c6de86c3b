using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.SystemTests.Audit;

public sealed class VerifyTests
{
    [Fact]
    public void Verify_OfAnHonestLedger_ChecksAllOfIt()
    {
        var ledger = SampleLedger.Ledger;
        var report = MemoryTiles.Verify(SampleLedger.Files(ledger));
        Assert.Null(report.Finding);
        Assert.Equal(ledger.Leaves.Count, report.Counts.Leaves);
        Assert.Equal(ledger.Seals.Count, report.Counts.Blocks);
        Assert.Equal(ledger.Leaves.Count(leaf => leaf[1] == (byte)LeafKind.Event), report.Counts.Events);
        Assert.InRange(report.Counts.Accepted, 1, report.Counts.Events - 1);
        Assert.Equal(ledger.Seals.Sum(s => s.Skipped.Count), report.Counts.SkippedDuplicates);
        Assert.Equal(HashTiles.ForSize(ledger.Leaves.Count).Count(), report.Counts.HashTiles);
        Assert.True(report.Counts.Signatures > report.Counts.Events);
        Assert.True(report.Counts.TokenSignatures > 0);
        Assert.Contains(report.NotChecked, line => line.Contains("skipped duplicates", StringComparison.Ordinal));
        Assert.Contains(report.NotChecked, line => line.Contains("off the ledger", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_WithFullTilesInPlaceOfPartialOnes_Passes()
    {
        // A log that has grown meanwhile has deleted its partial tiles.
        var ledger = SampleLedger.Ledger;
        var files = SampleLedger.Files(ledger);
        var older = ledger.Seals.First(s => s.LeafIndex > 100);
        var checkpoint = CheckpointAt(older);
        files["checkpoint"] = checkpoint.ToBytes();
        Assert.Null(MemoryTiles.Verify(files).Finding);
    }

    [Fact]
    public void Verify_SinceATrustedCheckpoint_LeavesItsSignaturesOut()
    {
        var seal = SampleLedger.Ledger.Seals.First(s => s.LeafIndex > 200);
        var request = new AuditRequest { Policy = SampleLedger.Policy, Trusted = CheckpointAt(seal).Checkpoint };
        var files = SampleLedger.Files(SampleLedger.Ledger);
        var all = MemoryTiles.Verify(files, request);
        var since = MemoryTiles.Verify(files, request with { SinceTrusted = true });
        var hashes = MemoryTiles.Verify(files, request with { HashesOnly = true });
        Assert.All([all, since, hashes], report => Assert.Null(report.Finding));
        Assert.InRange(since.Counts.Signatures, 1, all.Counts.Signatures - 1);
        Assert.Equal(0, hashes.Counts.Events);
        Assert.Contains(hashes.NotChecked, line => line.Contains("--hashes-only", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_AgainstATrustedCheckpointOfAnotherHistory_IsTampering()
    {
        var ledger = SampleLedger.Ledger;
        var other = new Checkpoint(FixedNetwork.Origin, 42, Ledger.Hash32.Sha256("another"u8));
        var longer = new Checkpoint(FixedNetwork.Origin, ledger.Leaves.Count + 1, other.Root);
        foreach (var trusted in new[] { other, longer })
        {
            var report = MemoryTiles.Verify(SampleLedger.Files(ledger), new AuditRequest { Policy = SampleLedger.Policy, Trusted = trusted, HashesOnly = true });
            Assert.Equal((ExitCode.Tampered, "consistency"), (report.Exit, report.Finding!.Check));
        }
    }

    [Fact]
    public void Verify_OfACheckpointNotAfterASeal_IsTampering()
    {
        var tree = new Ledger.Merkle.MerkleFrontier();
        var leaves = SampleLedger.Ledger.Leaves[..^1];
        foreach (byte[] leaf in leaves)
            tree.Append(Ledger.Merkle.Rfc6962.LeafHash(leaf));
        var checkpoint = FixedNetwork.Sign(new Checkpoint(FixedNetwork.Origin, leaves.Count, tree.Root), 1, FixedNetwork.Validators[..3]);
        var report = MemoryTiles.Verify(SampleLedger.Files(leaves, checkpoint));
        Assert.Equal((ExitCode.Tampered, "block", leaves.Count - 1L), (report.Exit, report.Finding!.Check, report.Finding.Leaf));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void Verify_WithTooFewCosigners_DoesNotMeetThePolicy(int cosigners)
    {
        var ledger = SampleLedger.Small;
        var report = MemoryTiles.Verify(SampleLedger.Files(ledger.Leaves, ledger.Checkpoint(FixedNetwork.Validators[..cosigners])));
        Assert.Equal((ExitCode.PolicyNotMet, "policy"), (report.Exit, report.Finding!.Check));
    }

    [Fact]
    public void Verify_UnderAnotherNetworksPolicy_DoesNotMeetIt()
    {
        var strangers = FixedNetwork.Validators.Select(v => $"stranger {v}").ToArray();
        string text = QuorumRule.Write(
            [VerifierKey.Create(FixedNetwork.Origin, NoteAlgorithm.Ed25519, FixedNetwork.Key(strangers[0], "log").PublicKey)],
            [.. FixedNetwork.Validators.Zip(strangers, (name, key) => VerifierKey.Create(name, NoteAlgorithm.CosignatureV1, FixedNetwork.Key(key, "cosigner").PublicKey))]);
        Assert.True(TlogPolicy.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var policy, out _));
        var report = MemoryTiles.Verify(SampleLedger.Files(SampleLedger.Small), new AuditRequest { Policy = policy });
        Assert.Equal(ExitCode.PolicyNotMet, report.Exit);
    }

    [Fact]
    public void Verify_WithAWrongSignatureByAKnownKey_IsForgery()
    {
        var ledger = SampleLedger.Small;
        var good = ledger.Checkpoint();
        var lines = good.Note.Signatures.ToArray();
        byte[] flipped = lines[^1].Signature.ToArray();
        flipped[^1] ^= 1;
        lines[^1] = lines[^1] with { Signature = flipped };
        var report = MemoryTiles.Verify(SampleLedger.Files(ledger.Leaves, new SignedCheckpoint(good.Checkpoint, lines)));
        Assert.Equal((ExitCode.Tampered, "checkpoint"), (report.Exit, report.Finding!.Check));
    }

    internal static SignedCheckpoint CheckpointAt(SealLeaf seal)
    {
        var tree = new Ledger.Merkle.MerkleFrontier();
        foreach (byte[] leaf in SampleLedger.Ledger.Leaves.Take((int)seal.LeafIndex + 1))
            tree.Append(Ledger.Merkle.Rfc6962.LeafHash(leaf));
        return FixedNetwork.Sign(new Checkpoint(FixedNetwork.Origin, tree.Size, tree.Root), 1_800_000_000, FixedNetwork.Validators[..3]);
    }
}
