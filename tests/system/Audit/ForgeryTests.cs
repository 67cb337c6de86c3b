using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Ledger;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.SystemTests.Audit;

/// <summary>Lies of a log together with a quorum of its validators: all hashes and cosignatures fit.</summary>
public sealed class ForgeryTests
{
    private static List<byte[]> Leaves => SampleLedger.Small.Leaves;

    [Fact]
    public void Nothing_Changed_Verifies() => Assert.Null(MemoryTiles.Verify(new Forgery(Leaves).Files()).Finding);

    [Fact]
    public void Outcome_Changed_IsNoticedByReplayAlone()
    {
        for (int index = 0; index < Leaves.Count; index++)
        {
            if (Leaves[index][1] != (byte)LeafKind.Event)
                continue;
            var forged = new Forgery(Leaves) { Event = (i, leaf) => i == index ? WithOutcome(leaf) : leaf }.Files();
            Expect(forged, "outcome", index);
            Assert.Null(MemoryTiles.Verify(forged, new AuditRequest { Policy = SampleLedger.Policy, HashesOnly = true }).Finding);
        }
    }

    [Fact]
    public void Recovery_NotOfAQuorum_IsNoticed()
    {
        long index = Leaves.FindIndex(leaf => leaf[1] == (byte)LeafKind.Recovery);
        Expect(new Forgery(Leaves) { Record = record => record with { Signatures = [.. record.Signatures.Skip(1)] } }.Files(), "recovery", index);
        Expect(new Forgery(Leaves) { Record = record => record with { BaseRoot = Hash32.Sha256([]) } }.Files(), "recovery", index);
        Expect(new Forgery(Leaves) { Record = record => record with { Epoch = 2 } }.Files(), "recovery", index);
    }

    [Fact]
    public void Signature_OfAnother_IsNoticed()
    {
        byte[] other = FixedKeys.Sign("somebody else", "something else"u8);
        for (int index = 0; index < Leaves.Count; index++)
        {
            if (Leaves[index][1] == (byte)LeafKind.Event)
                Expect(new Forgery(Leaves) { Event = (i, leaf) => i == index ? [.. leaf[..^64], .. other] : leaf }.Files(), "signature", index);
        }
    }

    [Fact]
    public void Signature_InItsOtherForm_IsNoticed()
    {
        int index = FirstEvent();
        Expect(new Forgery(Leaves) { Event = (i, leaf) => i == index ? [.. leaf[..^64], .. FixedKeys.HighS(leaf.AsSpan()[^64..])] : leaf }.Files(), "signature", index);
    }

    [Fact]
    public void Payload_Changed_IsNoticed()
    {
        // The last byte of the payload is in a commitment, an id or a number: still well-formed, but not what was signed.
        int index = FirstEvent();
        byte[] forged = [.. Leaves[index]];
        int payloadEnd = forged.Length - 66;
        forged[payloadEnd - 1] ^= 1;
        var report = MemoryTiles.Verify(new Forgery(Leaves) { Event = (i, leaf) => i == index ? forged : leaf }.Files());
        Assert.Equal((ExitCode.Tampered, (long?)index), (report.Exit, report.Finding!.Leaf));
    }

    [Fact]
    public void Seal_WithAnyWrongField_IsNoticedAtItsHeight()
    {
        var last = SampleLedger.Small.Seals[^1];
        SealLeaf[] wrong =
        [
            last with { StateRoot = Hash32.Sha256("other"u8) }, last with { TreeRoot = Hash32.Sha256("other"u8) },
            last with { PreviousSealHash = Hash32.Sha256("other"u8) }, last with { LedgerTimeMs = last.LedgerTimeMs + 1 },
            last with { Epoch = last.Epoch + 1 }, last with { FirstLeaf = last.FirstLeaf - 1 }, last with { Height = last.Height + 1 },
            last with { EventCount = last.EventCount - 1 }, last with { OrderingPosition = 0 },
        ];
        foreach (var seal in wrong)
        {
            var report = MemoryTiles.Verify(new Forgery(Leaves) { Seal = fitting => fitting.Height == last.Height ? seal : fitting }.Files());
            Assert.Equal((ExitCode.Tampered, "seal", last.LeafIndex), (report.Exit, report.Finding!.Check, report.Finding.Leaf));
            Assert.Equal(last.Height, report.Finding.Height);
        }
    }

    [Fact]
    public void Header_SignedByAnother_IsNoticed()
    {
        var seal = SampleLedger.Small.Seals[^1];
        var forged = new Forgery(Leaves)
        {
            Signer = h => h.BaseHeight == seal.Height - 1 ? FixedNetwork.Validators.First(v => v != h.Proposer) : h.Proposer,
        };
        Expect(forged.Files(), "batch-header", seal.LeafIndex);
    }

    [Fact]
    public void Header_OfAnotherNetworkEpochBaseOrProposer_IsNoticed()
    {
        var seal = SampleLedger.Small.Seals[^1];
        Func<Ledger.Batches.BatchHeader, Ledger.Batches.BatchHeader>[] changes =
        [
            h => h with { Network = "rx.other/0123456789abcdef" }, h => h with { Epoch = h.Epoch + 1 },
            h => h with { BaseSealHash = Hash32.Sha256("other"u8) }, h => h with { Proposer = FixedNetwork.Insurer },
            h => h with { EnvelopeHashes = [Hash32.Sha256("other"u8), .. h.EnvelopeHashes.Skip(1)] },
            h => h with { EnvelopeHashes = [.. h.EnvelopeHashes, Hash32.Sha256("left out"u8)] },
        ];
        foreach (var change in changes)
            Expect(new Forgery(Leaves) { Header = h => h.BaseHeight == seal.Height - 1 ? change(h) : h }.Files(), "block", seal.LeafIndex);
    }

    [Fact]
    public void Events_Reordered_AreNoticed()
    {
        int first = FirstEvent();
        var forged = new Forgery(Leaves) { Event = (i, leaf) => i == first ? Leaves[first + 1] : i == first + 1 ? Leaves[first] : leaf };
        Assert.Equal(ExitCode.Tampered, MemoryTiles.Verify(forged.Files()).Exit);
    }

    [Fact]
    public void Event_LoggedTwice_IsNoticed()
    {
        var seal = SampleLedger.Small.Seals[^1];
        var forged = new Forgery([.. Leaves.Take((int)seal.LeafIndex), Leaves[FirstEvent()], Leaves[^1]]);
        Expect(forged.Files(), "block", seal.LeafIndex + 1);
    }

    private static int FirstEvent() => 2 + Enumerable.Range(0, Leaves.Count - 2).First(i => Leaves[i + 2][1] == (byte)LeafKind.Event);

    private static void Expect(SortedDictionary<string, byte[]> files, string check, long leaf)
    {
        var report = MemoryTiles.Verify(files);
        Assert.True(report.Exit == ExitCode.Tampered && report.Finding!.Check == check && report.Finding.Leaf == leaf, $"expected {check} at {leaf}: {report.Finding}");
    }

    private static byte[] WithOutcome(byte[] leaf)
    {
        byte[] forged = [.. leaf];
        (forged[2], forged[3]) = forged[3] == 0 ? ((byte)0, (byte)122) : ((byte)0, (byte)0);
        return forged;
    }
}
