using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Client;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.Events;

namespace RxChain.Bench.Workload;

/// <summary>
/// One prescription from Issue to Dispense. All its events are made here, so each knows its predecessor's id without a node.
/// Signatures: Issue 2, Review 2, Claim 1 and the token's, Dispense 2: two an event, with Review and without.
/// </summary>
internal static class Lifecycle
{
    public const int SignaturesPerEvent = 2;

    private const long HourMs = 3_600_000;
    private const long DayMs = 24 * HourMs;

    /// <summary>Acts of a lifecycle.</summary>
    public static int Events(bool withReview) => withReview ? 4 : 3;

    /// <summary>The signed envelopes, in order.</summary>
    public static byte[][] Sign(Cast cast, long timeMs, bool withReview)
    {
        using var token = new Token();
        var id = RandomBytes(16);
        var envelopes = new List<byte[]>(4);
        var previous = ByteString.Empty;
        void Add(Role role, Practitioner? responsible, Action<Event> act)
        {
            var e = new Event
            {
                PrescriptionId = id,
                Organisation = cast.Organisation,
                Role = role,
                ResponsibleId = responsible?.Id ?? ByteString.Empty,
                TimeMs = timeMs,
                Sequence = (uint)envelopes.Count + 1,
                PreviousEventId = previous,
            };
            act(e);
            previous = Seal(cast, e, responsible, envelopes);
        }
        Add(Role.Hospital, cast.Prescriber, e => e.Issue = Issue(token, timeMs));
        if (withReview)
            Add(Role.Pharmacy, cast.Pharmacist, e => e.Review = new Review { Verdict = Review.Types.Verdict.Approve });
        Add(Role.Pharmacy, null, e => e.Claim = new Claim
        {
            ClaimNumber = 1,
            Token = token.ForFirstClaim(cast.Network, id, cast.Organisation),
        });
        Add(Role.Pharmacy, cast.Pharmacist, e => e.Dispense = Dispense());
        return [.. envelopes];
    }

    private static ByteString Seal(Cast cast, Event e, Practitioner? responsible, List<byte[]> envelopes)
    {
        P256PrivateKey[] keys = responsible is null ? [cast.OrganisationKey] : [cast.OrganisationKey, responsible.Key];
        var prepared = PreparedEvent.Build(e, cast.Network, [.. keys.Select(key => new EventSigner(key))]);
        envelopes.Add(SignedEvent.Encode(prepared.Payload.Span, [.. keys.Select(key => key.SignDigest(prepared.EventId))]));
        return ByteString.CopyFrom(prepared.EventId.Span);
    }

    private static Issue Issue(Token token, long timeMs) => new()
    {
        Lines = { new Line { Commitment = RandomBytes(32), Units = 30 } },
        NotBeforeMs = timeMs - HourMs,
        NotAfterMs = timeMs + 30 * DayMs,
        ContentCommitment = RandomBytes(32),
        TokenKey = token.PublicKey,
    };

    private static Dispense Dispense() => new()
    {
        Items = { new DispensedItem { Line = 0, FulfilsUnits = 30, ProductCommitment = RandomBytes(32) } },
        ContentCommitment = RandomBytes(32),
    };

    private static ByteString RandomBytes(int count) => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(count));
}
