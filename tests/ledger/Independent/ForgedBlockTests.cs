using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>A proposer and a quorum make a block, sound in itself, that breaks one rule.</summary>
public sealed class ForgedBlockTests
{
    private readonly TestLedger _ledger = TestLedger.WithPeople();

    [Fact]
    public void Block_OfHonestParts_Verified() => Assert.Equal(0, Publish(_ledger.Story.Issue("rx-1").Bytes.ToArray()).ExitCode);

    [Fact]
    public void Event_HighS_Refused()
    {
        byte[] envelope = _ledger.Story.Issue("rx-1").Bytes.ToArray();
        Refused([.. envelope[..^64], .. FixedKeys.HighS(envelope.AsSpan(envelope.Length - 64))], "not in its low-S form");
    }

    [Fact]
    public void Event_SignatureStripped_Refused() =>
        Refused(_ledger.Story.Issue("rx-1").Bytes.ToArray()[..^66], "1 signatures for 2 keys");

    [Fact]
    public void Event_SignatureOfAnotherKey_Refused() =>
        Refused(Story.Envelope(_ledger.Story.Issue("rx-1").Event, FixedNetwork.Hospital, FixedNetwork.Hospital), "signature 1 does not verify");

    [Fact]
    public void Event_OfAnotherNetwork_Refused()
    {
        var e = _ledger.Story.Issue("rx-1").Event;
        e.Network = "rx.example/fedcba9876543210";
        Refused(Story.Envelope(e, FixedNetwork.Hospital, Story.Prescriber), "event of network");
    }

    [Fact]
    public void Event_OfAKeyNeverRegistered_Refused()
    {
        var e = _ledger.Story.Issue("rx-1").Event;
        e.KeyIds[1] = Google.Protobuf.ByteString.CopyFrom(FixedKeys.KeyIdOf("nobody"));
        Refused(Story.Envelope(e, FixedNetwork.Hospital, "nobody"), "was not registered");
    }

    [Fact]
    public void Event_LoggedAgain_Refused()
    {
        var issue = _ledger.Story.Issue("rx-1");
        _ledger.Block(issue);
        Refused(issue.Bytes.ToArray(), "logged again");
    }

    [Fact]
    public void Event_AcceptedWithABadTokenSignature_Refused()
    {
        _ledger.Block(_ledger.Story.Issue("rx-1"));
        var e = _ledger.Story.Claim("rx-1").Event;
        e.Claim.ClaimNumber = 2;
        Refused(Story.Envelope(e, FixedNetwork.PharmacyA), "token's signature");
    }

    [Fact]
    public void Header_SignedByAnotherNode_Refused() =>
        Refused(Publish(header => header, signer: FixedNetwork.Regulator), "batch header's signature");

    [Fact]
    public void Header_BaseTooOld_Refused()
    {
        for (int i = 0; i < 8; i++)
            _ledger.Block();
        var first = _ledger.Seals[0];
        Refused(Publish(h => h with { BaseHeight = 0, BaseSealHash = Rfc6962.LeafHash(first.ToArray()) }), "not one of the last 8 blocks");
    }

    [Fact]
    public void Header_OfAMemberWithoutValidator_Refused() =>
        Refused(Publish(h => h with { Proposer = FixedNetwork.Insurer }, FixedNetwork.Hospital), "is not a validator");

    [Fact]
    public void Header_EmptyWithoutLaterClock_Refused() =>
        Refused(Publish(h => h with { ClockMs = FixedNetwork.CreatedMs }), "without a later clock");

    [Fact]
    public void LedgerTime_NotTheMedian_Refused() => Refused(Publish(h => h, timeMs: _ledger.Head.LedgerTimeMs + 1), "ledger time");

    private static void Refused((int ExitCode, string Output) result, string says)
    {
        Assert.True(result.ExitCode == 1, result.Output);
        Assert.Contains(says, result.Output, StringComparison.Ordinal);
    }

    private void Refused(byte[] envelope, string says) => Refused(Publish(envelope), says);

    private (int ExitCode, string Output) Publish(byte[] envelope) =>
        Publish(h => h with { EnvelopeHashes = [Hash32.Sha256(envelope)] }, envelopes: envelope);

    // Appends one block as given. Only the first proposer has reported yet, and its clock alone does not move ledger time.
    private (int ExitCode, string Output) Publish(
        Func<BatchHeader, BatchHeader> change, string? signer = null, long? timeMs = null, params byte[][] envelopes)
    {
        var header = change(_ledger.Header() with { Proposer = FixedNetwork.Hospital });
        var leaves = new List<byte[]>(_ledger.Leaves);
        leaves.AddRange(envelopes.Select(e => new EventLeaf(Outcome.Accepted, e).ToArray()));
        var tree = new MerkleFrontier();
        foreach (byte[] leaf in leaves)
            tree.Append(Rfc6962.LeafHash(leaf));
        leaves.Add((_ledger.Seals[^1] with
        {
            Height = _ledger.Head.Height + 1,
            FirstLeaf = _ledger.Head.Size,
            EventCount = envelopes.Length,
            PreviousSealHash = _ledger.Head.SealHash,
            TreeRoot = tree.Root,
            LedgerTimeMs = timeMs ?? _ledger.Head.LedgerTimeMs,
            Skipped = [],
            BatchHeader = TestLedger.SignHeader(header, signer ?? header.Proposer),
        }).ToArray());
        return SecondVerifier.Tiles(Published.Files(leaves));
    }
}
