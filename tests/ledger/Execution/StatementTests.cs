using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>A statement inside an event holds for what it was made for, and for nothing else.</summary>
public sealed class StatementTests
{
    private static readonly string[] PayloadTypes =
    [
        Statements.Claim, Statements.Presence, Statements.Cancel, Statements.Supply, Statements.Bind, Statements.OpenDispute,
        Statements.WithdrawDispute, Statements.Evidence, Statements.GiveConsent, Statements.WithdrawConsent,
    ];

    // An event of each kind, what its statement binds besides network, prescription and organisation, and what it leaves free.
    private static readonly (Func<Story, SignedEvent> Make, Action<Event>[] Bound, Action<Event>[] Free)[] Kinds =
    [
        (story => story.Claim("rx-1"), [e => e.Claim.ClaimNumber++], [Sooner, Later]),
        (story => story.ClaimByPresence("rx-1"), [e => e.Claim.ClaimNumber++, e => e.Claim.Presence.AttestedMs++], [Sooner, Later]),
        (story => story.PatientCancel("rx-1"), [Later], [Sooner, e => e.Cancel.ReasonCode++]),
        (story => story.RecordSupply("rx-1", 1, FixedNetwork.CreatedMs), [Sooner], [Later, e => e.RecordSupply.ReasonCode++]),
        (story => story.BindToken("rx-1", "pharmacy"), [Sooner, Later, e => e.BindToken.Pharmacy = ""], []),
        (Dispute, [Sooner, Later, e => e.OpenDispute.EventId = Other, e => e.OpenDispute.StatementCommitment = Other], []),
        (story => story.PatientWithdraws("rx-1", Dispute(story)), [Sooner, Later, e => e.WithdrawDispute.DisputeId = Other], []),
        (story => story.PatientAddsEvidence("rx-1", Dispute(story)),
            [Sooner, Later, e => e.AddEvidence.DisputeId = Other, e => e.AddEvidence.EvidenceCommitment = Other], []),
        (story => story.PatientConsents("rx-1", "insurer"),
            [Sooner, Later, e => e.GiveConsent.Grantee = "x", e => e.GiveConsent.PurposeCode++, e => e.GiveConsent.UntilMs++], []),
        (story => story.PatientWithdrawsConsent("rx-1", "insurer"),
            [Sooner, Later, e => e.WithdrawConsent.Grantee = "x", e => e.WithdrawConsent.PurposeCode++], []),
    ];

    private static readonly ByteString Other = Story.Hash("another");

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Kinds.Length)];

    [Fact]
    public void Kinds_PayloadTypes_AreAllTried() => Assert.Equal(PayloadTypes, Kinds.Select(kind => Read(Make(kind.Make)).PayloadType));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void CheckStatement_AsMade_HoldsWhateverItLeavesFree(int number)
    {
        Assert.True(EventVerifier.CheckStatement(Make(Kinds[number].Make)));
        Assert.All(Kinds[number].Free, change => Assert.True(EventVerifier.CheckStatement(Changed(number, change))));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void CheckStatement_ForAnotherPlaceOrPerson_DoesNotHold(int number)
    {
        Refused(number, e => e.Network = "rx.example/fedcba9876543210");
        Refused(number, e => e.PrescriptionId = Story.Id("rx-2"));
        Refused(number, e => e.Organisation = FixedNetwork.Hospital);
        Assert.All(Kinds[number].Bound, change => Refused(number, change));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void CheckStatement_OfAnotherAct_DoesNotHold(int number)
    {
        var e = Make(Kinds[number].Make);
        var statement = Read(e);
        string signer = e.Claim?.Presence is null ? "token of rx-1" : FixedNetwork.Insurer;
        foreach (string payloadType in PayloadTypes)
        {
            SetSignature(e, FixedKeys.SignDigest(signer, Dsse.Digest(payloadType, statement.Body)));
            Assert.Equal(payloadType == statement.PayloadType, EventVerifier.CheckStatement(e));
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void CheckStatement_BadSignature_DoesNotHold(int number)
    {
        var e = Make(Kinds[number].Make);
        byte[] good = Read(e).Signature.ToByteArray();
        SetSignature(e, FixedKeys.HighS(good));
        Assert.False(EventVerifier.CheckStatement(e));
        SetSignature(e, new byte[64]);
        Assert.False(EventVerifier.CheckStatement(e));
        SetSignature(e, [.. good[..63], (byte)(good[63] ^ 1)]);
        Assert.False(EventVerifier.CheckStatement(e));
        SetSignature(e, good);
        Assert.True(EventVerifier.CheckStatement(e));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void CheckStatement_BadKey_DoesNotHold(int number)
    {
        foreach (byte[] key in new[] { FixedKeys.PublicKey("nobody"), [4, .. new byte[64]], [4, .. Enumerable.Repeat((byte)0xFF, 64)] })
        {
            var e = Make(Kinds[number].Make);
            Set(e, e.Claim?.Presence is null ? "token_key" : "payer_key", key);
            Assert.False(EventVerifier.CheckStatement(e));
        }
    }

    private static void Sooner(Event e) => e.TimeMs--;

    private static void Later(Event e) => e.Sequence++;

    private static SignedEvent Dispute(Story story) => story.PatientDispute("rx-1", story.Hold("rx-1"));

    private static Event Make(Func<Story, SignedEvent> make)
    {
        var story = new Story();
        story.Issue("rx-1");
        return make(story).Event.Clone();
    }

    private static Event Changed(int number, Action<Event> change)
    {
        var e = Make(Kinds[number].Make);
        change(e);
        return e;
    }

    private static void Refused(int number, Action<Event> change) =>
        Assert.False(EventVerifier.CheckStatement(Changed(number, change)));

    private static Statement Read(Event e)
    {
        Assert.True(Statements.TryRead(e, out var statement));
        return statement;
    }

    private static void SetSignature(Event e, byte[] signature) => Set(e, "signature", signature);

    // The field of the token or the attestation, whatever the act.
    private static void Set(Event e, string field, byte[] value)
    {
        var act = (IMessage)Event.Descriptor.FindFieldByNumber((int)e.ActCase).Accessor.GetValue(e);
        var carrier = (IMessage)(e.Claim?.Presence ?? act.Descriptor.FindFieldByName("token").Accessor.GetValue(act));
        carrier.Descriptor.FindFieldByName(field).Accessor.SetValue(carrier, ByteString.CopyFrom(value));
    }
}
