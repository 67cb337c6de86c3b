using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Fixtures;

internal sealed partial class Story
{
    public SignedEvent Query(string prescription) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy, Pharmacist), e =>
            e.Review = new Review { Verdict = Verdict.Query, ReasonCode = 1 });

    public SignedEvent Confirm(string prescription) =>
        Sign(About(prescription, FixedNetwork.Hospital, Role.Hospital, Prescriber), e =>
            e.Confirm = new Confirm { AnswerCommitment = Hash("answer") });

    /// <summary>A claim with the insurer's presence attestation of this moment.</summary>
    public SignedEvent ClaimByPresence(string prescription) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy), e =>
        {
            byte[] body = Statements.PresenceBody(e.Network, e.PrescriptionId.Span, e.Organisation, 1, NowMs);
            e.Claim = new Claim
            {
                ClaimNumber = 1,
                Presence = new PresenceAuthority
                {
                    Payer = FixedNetwork.Insurer,
                    PayerKey = ByteString.CopyFrom(FixedKeys.PublicKey(FixedNetwork.Insurer)),
                    AttestedMs = NowMs,
                    Signature = SignatureBy(FixedNetwork.Insurer, Statements.Presence, body),
                },
            };
        });

    public SignedEvent ClaimByOverride(string prescription) =>
        Sign(About(prescription, FixedNetwork.PharmacyB, Role.Pharmacy), e =>
            e.Claim = new Claim { ClaimNumber = 1, Override = new OverrideAuthority { ReasonCode = 4 } });

    public SignedEvent ExtendClaim(string prescription) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy), e => e.ExtendClaim = new ExtendClaim());

    public SignedEvent ReturnClaim(string prescription) =>
        Sign(About(prescription, FixedNetwork.PharmacyB, Role.Pharmacy), e => e.ReturnClaim = new ReturnClaim { ReasonCode = 5 });

    /// <summary>A dispense that the insurer pays.</summary>
    public SignedEvent DispenseForInsurer(string prescription, uint units, params string[] packs) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy, Pharmacist), e => e.Dispense = new Dispense
        {
            Items = { Item(units, packs) },
            ContentCommitment = Hash("record"),
            Payer = FixedNetwork.Insurer,
        });

    /// <summary>Handed over at a moment that may lie back, on the signature of the token.</summary>
    public SignedEvent RecordSupply(string prescription, uint units, long handedOverMs) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy, Pharmacist), e =>
        {
            e.TimeMs = handedOverMs;
            e.RecordSupply = new RecordSupply
            {
                Items = { Item(units) },
                ContentCommitment = Hash("record"),
                ReasonCode = 2,
                Token = new TokenAuthority(),
            };
            SignBy(prescription, e.RecordSupply.Token, e);
        });

    public SignedEvent EmergencySupply(string prescription, uint units) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy, Pharmacist), e => e.EmergencySupply = new EmergencySupply
        {
            Items = { Item(units) },
            ContentCommitment = Hash("record"),
            ReasonCode = 6,
        });

    public SignedEvent Correct(string prescription, SignedEvent supply) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy, Pharmacist), e => e.Correct = new Correct
        {
            DispenseId = IdOf(supply),
            ContentCommitment = Hash("corrected record"),
            ReasonCode = 8,
        });

    public SignedEvent Reverse(string prescription, SignedEvent supply, params uint[] items) =>
        Sign(About(prescription, FixedNetwork.PharmacyA, Role.Pharmacy, Pharmacist), e => e.Reverse = new Reverse
        {
            Kind = Kind.Returned,
            DispenseId = IdOf(supply),
            Items = { items.Select(item => new ReversedItem { Item = item }) },
            ReasonCode = 10,
        });

    public SignedEvent ReplaceToken(string prescription, string newToken) =>
        Sign(About(prescription, FixedNetwork.Hospital, Role.Hospital), e => e.ReplaceToken = new ReplaceToken
        {
            TokenKey = ByteString.CopyFrom(FixedKeys.PublicKey(newToken)),
            ReasonCode = 11,
        });

    public SignedEvent BindToken(string prescription, string pharmacy) =>
        Sign(About(prescription, FixedNetwork.PharmacyB, Role.Pharmacy), e =>
        {
            e.BindToken = new BindToken { Pharmacy = pharmacy, Token = new TokenAuthority() };
            SignBy(prescription, e.BindToken.Token, e);
        });

    private static DispensedItem Item(uint units, params string[] packs)
    {
        var item = new DispensedItem { FulfilsUnits = units, ProductCommitment = Hash("product") };
        item.Packs.Add(packs.Select(p => new PackUse { PackMac = Hash(p), KeyVersion = 1, Content = 10, Taken = 10 }));
        return item;
    }

    private static ByteString IdOf(SignedEvent signed) => ByteString.CopyFrom(signed.EventId.Span);

    /// <summary>Fills in the token's signature over the statement that the event makes.</summary>
    private static void SignBy(string prescription, TokenAuthority token, Event e)
    {
        Assert.True(Statements.TryRead(e, out var statement));
        token.MergeFrom(Token(prescription, statement.PayloadType, statement.Body));
    }
}
