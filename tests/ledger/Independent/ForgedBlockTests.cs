using Google.Protobuf;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>A proposer and a quorum make a block, sound in itself, that breaks one rule.</summary>
public sealed class ForgedBlockTests
{
    private readonly TestLedger _ledger = TestLedger.WithPeople();

    // A good statement in an event that says something else: the whole is signed anew, the statement is not.
    private static readonly (string Act, Func<Story, SignedEvent> Make, Action<Event> Spoil)[] SpoiltStatements =
    [
        ("claim", story => story.Claim("rx-1"), e => e.Claim.ClaimNumber = 2),
        ("claim", story => story.ClaimByPresence("rx-1"), e => e.Claim.Presence.AttestedMs++),
        ("cancel", story => story.PatientCancel("rx-1"), e => e.Cancel.Token.TokenKey = ByteString.CopyFrom(FixedKeys.PublicKey("nobody"))),
        ("record_supply", story => story.RecordSupply("rx-1", 1, FixedNetwork.CreatedMs), e => e.TimeMs++),
        ("bind_token", story => story.BindToken("rx-1", FixedNetwork.PharmacyA), e => e.BindToken.Pharmacy = FixedNetwork.PharmacyB),
        ("open_dispute", Dispute, e => e.OpenDispute.EventId = Story.Hash("another act")),
        ("withdraw_dispute", story => story.PatientWithdraws("rx-1", Dispute(story)), e => e.WithdrawDispute.DisputeId = Story.Hash("another")),
        ("add_evidence", story => story.PatientAddsEvidence("rx-1", Dispute(story)), e => e.AddEvidence.EvidenceCommitment = Story.Hash("another")),
        ("give_consent", story => story.PatientConsents("rx-1", FixedNetwork.Insurer), e => e.GiveConsent.UntilMs++),
        ("withdraw_consent", story => story.PatientWithdrawsConsent("rx-1", FixedNetwork.Insurer), HighS),
    ];

    public static TheoryData<int, string> StatementNumbers
    {
        get
        {
            var numbers = new TheoryData<int, string>();
            for (int i = 0; i < SpoiltStatements.Length; i++)
                numbers.Add(i, SpoiltStatements[i].Act);
            return numbers;
        }
    }

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
        e.KeyIds[1] = ByteString.CopyFrom(FixedKeys.KeyIdOf("nobody"));
        Refused(Story.Envelope(e, FixedNetwork.Hospital, "nobody"), "was not registered");
    }

    [Fact]
    public void Event_LoggedAgain_Refused()
    {
        var issue = _ledger.Story.Issue("rx-1");
        _ledger.Block(issue);
        Refused(issue.Bytes.ToArray(), "logged again");
    }

    [Theory]
    [MemberData(nameof(StatementNumbers))]
    public void Event_AcceptedWithAStatementOfSomethingElse_Refused(int number, string act)
    {
        byte[] envelope = Spoilt(SpoiltStatements[number].Make, SpoiltStatements[number].Spoil);
        Refused(envelope, act + " accepted, but the statement in it does not verify");
    }

    [Fact]
    public void Event_RefusedWithAStatementOfSomethingElse_Verified()
    {
        byte[] envelope = Spoilt(story => story.Claim("rx-1"), e => e.Claim.ClaimNumber++);
        // The clock that the second proposer reported becomes the median.
        var (exitCode, output) = Publish(envelope, Outcome.TokenInvalid, _ledger.ClockMs);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Event_AcceptedWithPresenceAttestedByNoInsurer_Refused()
    {
        Refused(Spoilt(story => story.ClaimByPresence("rx-1"), e => Attest(e, FixedNetwork.PharmacyA)), "no insurer pharmacy-a.example");
        Refused(Spoilt(story => story.ClaimByPresence("rx-1"), e => Attest(e, "nobody")), "no insurer insurer.example");
    }

    [Fact]
    public void Event_AcceptedOutOfItsChain_Refused()
    {
        Refused(Spoilt(story => story.Claim("rx-1"), e => e.PreviousEventId = Story.Hash("no event")), "does not follow the chain");
        Refused(Spoilt(story => story.Close("rx-1"), e => e.Sequence = 3), "does not follow the chain");
        Refused(Spoilt(story => story.Issue("rx-2"), e => e.PrescriptionId = Story.Id("rx-1")), "does not follow the chain");
        Refused(Spoilt(story => story.Issue("rx-2"), e => e.Issue.Replaces = Story.Id("rx-3")), "does not exist");
    }

    [Fact]
    public void SideAct_AcceptedThatCitesNoAct_Refused()
    {
        Refused(Spoilt(story => story.Hold("rx-1"), e => e.PreviousEventId = Story.Hash("no event")), "cites no act");
        Refused(Spoilt(story => story.Hold("rx-1"), e => e.Sequence = 2), "cites no act");
        Refused(Spoilt(story => story.Hold("rx-1"), e => e.PrescriptionId = Story.Id("rx-2")), "cites no act");
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
    public void Recovery_SpoiltInAnyWay_Refused()
    {
        var honest = _ledger.Recovery();
        Assert.Equal(0, PublishRecovery(honest).ExitCode);
        Refused(PublishRecovery(honest with { Epoch = 2 }), "does not follow");
        Refused(PublishRecovery(honest with { BaseSize = 2 }), "its base is another place");
        Refused(PublishRecovery(honest with { StartPosition = 8 }), "recovery: signature of");
        Refused(PublishRecovery(honest with { Statements = [.. honest.Statements.Take(2)] }), "statements: 2 are not a quorum");
        Refused(PublishRecovery(honest with { Signatures = [.. honest.Signatures.Take(2)] }), "signatures: 2 are not a quorum");
        Refused(PublishRecovery(honest with { Statements = [honest.Statements[0] with { Size = 3 }, .. honest.Statements.Skip(1)] }), "statement of");
        Refused(PublishRecovery(honest, seal => seal with { Epoch = 0 }), "epoch");
        Refused(PublishRecovery(honest, seal => seal with { OrderingPosition = 8 }), "position");
        Refused(PublishRecovery(honest, seal => seal with { LedgerTimeMs = seal.LedgerTimeMs + 1 }), "ledger time");
    }

    [Fact]
    public void LedgerTime_NotTheMedian_Refused() => Refused(Publish(h => h, timeMs: _ledger.Head.LedgerTimeMs + 1), "ledger time");

    private static void Refused((int ExitCode, string Output) result, string says)
    {
        Assert.True(result.ExitCode == 1, result.Output);
        Assert.Contains(says, result.Output, StringComparison.Ordinal);
    }

    private void Refused(byte[] envelope, string says) => Refused(Publish(envelope), says);

    private static SignedEvent Dispute(Story story) => story.PatientDispute("rx-1", story.Hold("rx-1"));

    private static void HighS(Event e) =>
        e.WithdrawConsent.Token.Signature = ByteString.CopyFrom(FixedKeys.HighS(e.WithdrawConsent.Token.Signature.Span));

    // Attests anew, with a key of one's own and in the name of the insurer unless one is a member.
    private static void Attest(Event e, string label)
    {
        var presence = e.Claim.Presence;
        if (FixedNetwork.Validators.Contains(label))
            presence.Payer = label;
        presence.PayerKey = ByteString.CopyFrom(FixedKeys.PublicKey(label));
        Assert.True(Statements.TryRead(e, out var statement));
        presence.Signature = ByteString.CopyFrom(FixedKeys.SignDigest(label, Dsse.Digest(statement.PayloadType, statement.Body)));
    }

    // An act on rx-1, which was issued, changed and signed anew.
    private byte[] Spoilt(Func<Story, SignedEvent> make, Action<Event> spoil)
    {
        if (_ledger.Head.Height == 1)
            _ledger.Block(_ledger.Story.Issue("rx-1"));
        var e = make(_ledger.Story).Event;
        if (!ActKinds.IsSide(e))
            _ledger.Story.Forget(e.Issue is null ? "rx-1" : "rx-2");
        spoil(e);
        string[] practitioner = e.ResponsibleId.IsEmpty ? [] : [e.Issue is null ? Story.Pharmacist : Story.Prescriber];
        return Story.Envelope(e, [e.Organisation, .. practitioner]);
    }

    private (int ExitCode, string Output) Publish(byte[] envelope, Outcome outcome = Outcome.Accepted, long? timeMs = null) =>
        Publish(h => h with { EnvelopeHashes = [Hash32.Sha256(envelope)] }, timeMs: timeMs, outcome: outcome, envelopes: envelope);

    // Appends one block as given. Only the first proposer has reported yet, and its clock alone does not move ledger time.
    private (int ExitCode, string Output) Publish(
        Func<BatchHeader, BatchHeader> change, string? signer = null, long? timeMs = null, Outcome outcome = Outcome.Accepted, params byte[][] envelopes)
    {
        var header = change(_ledger.Header() with { Proposer = FixedNetwork.Hospital });
        var leaves = new List<byte[]>(_ledger.Leaves);
        leaves.AddRange(envelopes.Select(e => new EventLeaf(outcome, e).ToArray()));
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

    // Appends a new epoch as given, on a ledger of its own.
    private static (int ExitCode, string Output) PublishRecovery(RecoveryLeaf record, Func<SealLeaf, SealLeaf>? change = null)
    {
        var ledger = TestLedger.WithPeople();
        var seal = ledger.Recover().Seal;
        var leaves = new List<byte[]>(ledger.Leaves[..^2]) { record.ToArray() };
        var tree = new MerkleFrontier();
        foreach (byte[] leaf in leaves)
            tree.Append(Rfc6962.LeafHash(leaf));
        leaves.Add(((change ?? (s => s))(seal) with { TreeRoot = tree.Root }).ToArray());
        return SecondVerifier.Tiles(Published.Files(leaves));
    }
}
