using Google.Protobuf;
using RxChain.Client;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.Events;

namespace RxChain.SystemTests.Processes;

/// <summary>A signed event, ready to be submitted.</summary>
internal sealed record Envelope(Hash32 EventId, byte[] Bytes);

/// <summary>Signs acts of the one member and its two practitioners, each following the last, without asking a node.</summary>
internal sealed class Clerk(SoloNetwork network) : IDisposable
{
    private readonly P256PrivateKey _organisation = network.OrganisationKey();

    /// <summary>Writes prescriptions.</summary>
    public Person Prescriber { get; } = new();

    /// <summary>Dispenses them.</summary>
    public Person Pharmacist { get; } = new();

    /// <summary>Origin of the network.</summary>
    public string Network => network.Origin;

    /// <summary>Registrations of both practitioners.</summary>
    public IReadOnlyList<Envelope> Registrations() =>
    [
        Sign(Draft(Role.Regulator, e => e.RegisterPractitioner = Prescriber.Registration(Network, Profession.Prescriber, SoloNetwork.Member)), null),
        Sign(Draft(Role.Regulator, e => e.RegisterPractitioner = Pharmacist.Registration(Network, Profession.Pharmacist, SoloNetwork.Member)), null),
    ];

    /// <summary>An act of now, not yet placed in a chain.</summary>
    public static Event Draft(Role role, Action<Event> act)
    {
        var draft = new Event
        {
            Organisation = SoloNetwork.Member,
            Role = role,
            TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Sequence = 1,
        };
        act(draft);
        return draft;
    }

    /// <summary>Signs it, also as the practitioner who answers for it.</summary>
    public Envelope Sign(Event draft, Person? responsible)
    {
        P256PrivateKey[] keys = responsible is null ? [_organisation] : [_organisation, responsible.Key];
        if (responsible is not null)
            draft.ResponsibleId = responsible.Id;
        var built = PreparedEvent.Build(draft, Network, [.. keys.Select(key => new EventSigner(key))]);
        byte[] bytes = SignedEvent.Encode(built.Payload.Span, [.. keys.Select(key => key.SignDigest(built.EventId))]);
        return new Envelope(built.EventId, bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _organisation.Dispose();
}

/// <summary>One prescription: its acts are made in their order, each following the last.</summary>
internal sealed class Course(Clerk clerk)
{
    private readonly Person _patient = new();
    private uint _sequence;
    private ByteString _previous = ByteString.Empty;

    /// <summary>Its id on the ledger.</summary>
    public ByteString Id { get; } = Person.RandomBytes(16);

    public Envelope Issue() => Next(Role.Hospital, clerk.Prescriber, e => e.Issue = SampleActs.Issue(e.TimeMs, _patient));

    public Envelope Claim() => Next(Role.Pharmacy, null, e => e.Claim = new Claim
    {
        ClaimNumber = 1,
        Token = _patient.Token(clerk.Network, Id, SoloNetwork.Member, 1),
    });

    public Envelope Dispense() => Next(Role.Pharmacy, clerk.Pharmacist, e => e.Dispense = SampleActs.Dispense());

    private Envelope Next(Role role, Person? responsible, Action<Event> act)
    {
        var draft = Clerk.Draft(role, act);
        draft.PrescriptionId = Id;
        draft.Sequence = ++_sequence;
        draft.PreviousEventId = _previous;
        var signed = clerk.Sign(draft, responsible);
        _previous = ByteString.CopyFrom(signed.EventId.Span);
        return signed;
    }
}
