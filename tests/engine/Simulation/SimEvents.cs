using RxChain.Engine.Core;
using RxChain.Ledger;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>What every run shares: the network, its keys, and events that are signed and verified once.</summary>
internal static class SimEvents
{
    private const int Prescriptions = 8;
    private static readonly Dictionary<Hash32, CheckedEvent> Checked = [];
    private static readonly EventVerifier Verifier;

    static SimEvents()
    {
        foreach (string organisation in SimNetwork.Organisations)
            Keys.Add(FixedKeys.PublicKey(organisation));
        foreach (string practitioner in (string[])[Story.Prescriber, Story.Pharmacist])
            Keys.Add(FixedKeys.PublicKey(practitioner));
        Verifier = new EventVerifier(Keys);
        Pool = [.. Acts().Select(Check)];
        var forged = Story.Envelope(Pool[^1].Signed.Event, [.. Pool[^1].Signed.Event.KeyIds.Select(_ => "somebody else")]);
        BadlySigned = Check(Story.Parse(forged));
        Assert.Equal(SignatureVerdict.Invalid, BadlySigned.Verdict);
    }

    public static KeyDirectory Keys { get; } = new();

    /// <summary>Acts that mostly follow one another; some race for the same prescription.</summary>
    public static IReadOnlyList<CheckedEvent> Pool { get; }

    public static CheckedEvent BadlySigned { get; }

    /// <summary>The event with its verdict; verified on first sight only.</summary>
    public static CheckedEvent Check(SignedEvent signed)
    {
        lock (Checked)
        {
            if (!Checked.TryGetValue(signed.EnvelopeHash, out var known))
                Checked[signed.EnvelopeHash] = known = Verifier.Check(signed);
            return known;
        }
    }

    /// <summary>What a driver makes out of a put.</summary>
    public static PutArrived Arrive(ulong position, ReadOnlyMemory<byte> bytes)
    {
        if (!Batch.TryReadHeader(bytes, out _))
            return new PutArrived(position, null, "not a batch");
        return Batch.TryParse(bytes, out var batch, out string error)
            ? new PutArrived(position, new CheckedBatch(batch, [.. batch.Events.Select(Check)]), "")
            : new PutArrived(position, null, error);
    }

    private static IEnumerable<SignedEvent> Acts()
    {
        var story = new Story();
        yield return story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital);
        yield return story.Register(Story.Pharmacist, Profession.Pharmacist, FixedNetwork.PharmacyA);
        for (int i = 0; i < Prescriptions; i++)
        {
            string prescription = $"rx-{i}";
            yield return story.Issue(prescription);
            yield return story.Claim(prescription, FixedNetwork.PharmacyB);
            story.Forget(prescription);
            yield return story.Claim(prescription);
            // Every two prescriptions are dispensed from one pack: the second is refused, and the rest fits.
            yield return story.Dispense(prescription, 20, $"pack-{i / 2}");
            story.Forget(prescription);
            yield return story.Dispense(prescription, 20, $"pack {i}");
            yield return story.Dispense(prescription, 10, $"rest {i}");
            story.Forget(prescription);
            yield return story.Dispense(prescription, 30, $"too much {i}");
        }
    }
}
