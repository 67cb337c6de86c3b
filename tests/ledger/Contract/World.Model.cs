using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>For tests that act as anybody, ask what would happen, and go on in several ways.</summary>
internal sealed partial class World
{
    private World(World other)
    {
        State = other.State.Copy();
        Policy = other.Policy;
        (Now, Leaf, Rx) = (other.Now, other.Leaf, other.Rx);
    }

    /// <summary>Another world that begins where this one is.</summary>
    public World Branch() => new(this);

    /// <summary>What the contract would say now. Nothing is written.</summary>
    public Outcome Ask(Event e)
    {
        byte[] payload = e.ToByteArray();
        Assert.True(EventParser.TryParse(payload, out Event? parsed, out string error), error);
        Outcome outcome = contract.Apply(State, new Act(parsed, SHA256.HashData(payload), true), new ApplyContext(Now, Leaf)).Outcome;
        State.Write(new Decision(Outcome.NotFound, []));
        return outcome;
    }

    /// <summary>Head of a lifecycle act by anybody, at a time that is not before the last act.</summary>
    public Event LifecycleBy(string organisation, Role role, string? practitioner = null)
    {
        Event e = By(organisation, role, practitioner);
        if (practitioner is not null) e.KeyIds[1] = SigningKeyOf(practitioner);
        e.TimeMs = Math.Max(Now, Stored?.LastActMs ?? 0);
        return e;
    }

    /// <summary>Head of a side act by anybody.</summary>
    public Event SideBy(string organisation, Role role)
    {
        Event e = LifecycleBy(organisation, role);
        e.Sequence--;
        return e;
    }

    /// <summary>The key with which a practitioner registered, or the one that this world gave it.</summary>
    public ByteString SigningKeyOf(string practitioner) =>
        State.Peek<Practitioner>(EntityKind.Practitioner, Id(practitioner)) is { KeyId.IsEmpty: false } registered
            ? registered.KeyId
            : KeyOf(practitioner);

    public Organisation Organisation(string name) =>
        State.Peek<Organisation>(EntityKind.Organisation, ByteString.CopyFromUtf8(name))!;
}
