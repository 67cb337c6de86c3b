using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Each prescription, and each practitioner, is its own chain of acts. Acts about the network are on none.</summary>
internal static class ChainChecks
{
    /// <summary>Most acts of one chain.</summary>
    public const int MaxActs = 1_000;

    /// <summary>Most side acts of one organisation on one prescription.</summary>
    public const int MaxSideActs = 256;

    /// <summary>Does the act follow the head of its chain? Loads what it acts on into the context.</summary>
    public static Outcome Check(ActContext context) => context.Rule.Chain switch
    {
        ChainKind.Prescription => CheckPrescription(context),
        ChainKind.Practitioner => CheckPractitioner(context),
        ChainKind.Network => Outcome.Accepted,
        _ => CheckSide(context),
    };

    /// <summary>Makes the act the head of its chain, and writes what it acted on.</summary>
    public static Outcome Append(ActContext context) => context.Rule.Chain switch
    {
        ChainKind.Prescription => AppendToPrescription(context),
        ChainKind.Practitioner => AppendToPractitioner(context),
        ChainKind.Network => Outcome.Accepted,
        _ => AppendSide(context),
    };

    private static Outcome CheckPrescription(ActContext context)
    {
        var stored = context.Find<Prescription>(EntityKind.Prescription, context.Rule.Subject(context.Event));
        bool exists = stored is { Status: not PrescriptionStatus.Unspecified };
        Outcome outcome = CheckHead(context, exists, stored?.Acts, stored?.LastActMs);
        if (outcome != Outcome.Accepted) return outcome;
        context.Prescription = stored?.Clone() ?? new Prescription();
        Lapses.CarryOut(context.Prescription, context);
        return Outcome.Accepted;
    }

    /// <summary>A side act cites an act that its signer saw; any accepted one will do, so that nobody makes it stale.</summary>
    private static Outcome CheckSide(ActContext context)
    {
        Event e = context.Event;
        var stored = context.Find<Prescription>(EntityKind.Prescription, e.PrescriptionId);
        if (stored is null or { Status: PrescriptionStatus.Unspecified }) return Outcome.NotFound;
        bool seen = e.Sequence <= stored.Acts.Count && stored.Acts[(int)e.Sequence - 1].EventId == e.PreviousEventId;
        if (!seen) return Outcome.HeadUnknown;
        if (e.Sequence == stored.Acts.Count && e.TimeMs < stored.LastActMs) return Outcome.TimeBeforePredecessor;
        context.Prescription = stored.Clone();
        Lapses.CarryOut(context.Prescription, context);
        return Outcome.Accepted;
    }

    private static Outcome CheckPractitioner(ActContext context)
    {
        var stored = context.Find<Practitioner>(EntityKind.Practitioner, context.Rule.Subject(context.Event));
        Outcome outcome = CheckHead(context, stored is not null, stored?.Acts, stored?.LastActMs);
        if (outcome != Outcome.Accepted) return outcome;
        context.Practitioner = stored?.Clone() ?? new Practitioner();
        return Outcome.Accepted;
    }

    private static Outcome CheckHead(ActContext context, bool exists, RepeatedField<ActRef>? acts, long? lastActMs)
    {
        Event e = context.Event;
        if (context.Rule.Opens) return exists ? Outcome.AlreadyExists : Outcome.Accepted;
        if (!exists) return Outcome.NotFound;
        if (e.Sequence != acts!.Count + 1 || e.PreviousEventId != acts[^1].EventId) return Outcome.Stale;
        return !context.Rule.Late && e.TimeMs < lastActMs ? Outcome.TimeBeforePredecessor : Outcome.Accepted;
    }

    private static Outcome AppendToPrescription(ActContext context)
    {
        Prescription prescription = context.Prescription;
        if (!TryAdd(prescription.Acts, context)) return Outcome.LimitReached;
        prescription.LastActMs = Math.Max(prescription.LastActMs, context.Event.TimeMs);
        context.Put(EntityKind.Prescription, context.Rule.Subject(context.Event), prescription);
        return Outcome.Accepted;
    }

    private static Outcome AppendToPractitioner(ActContext context)
    {
        Practitioner practitioner = context.Practitioner;
        if (!TryAdd(practitioner.Acts, context)) return Outcome.LimitReached;
        practitioner.LastActMs = context.Event.TimeMs;
        context.Put(EntityKind.Practitioner, context.Rule.Subject(context.Event), practitioner);
        return Outcome.Accepted;
    }

    private static Outcome AppendSide(ActContext context)
    {
        byte[] id = ActKinds.SideActsId(context.Event);
        SideActs acts = context.Find<SideActs>(EntityKind.SideActs, id)?.Clone() ?? new SideActs();
        if (!TryAdd(acts.Acts, context, MaxSideActs)) return Outcome.LimitReached;
        context.Put(EntityKind.SideActs, id, acts);
        context.Put(EntityKind.Prescription, context.Event.PrescriptionId, context.Prescription);
        return Outcome.Accepted;
    }

    private static bool TryAdd(RepeatedField<ActRef> acts, ActContext context, int most = MaxActs)
    {
        if (acts.Count >= most) return false;
        acts.Add(new ActRef
        {
            EventId = ByteString.CopyFrom(context.EventId.Span),
            LeafIndex = context.LeafIndex,
            Marks = (uint)context.Marks,
        });
        return true;
    }
}
