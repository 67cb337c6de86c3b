using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Each prescription, and each practitioner, is its own chain of acts.</summary>
internal static class ChainChecks
{
    /// <summary>Most acts of one chain.</summary>
    public const int MaxActs = 1_000;

    /// <summary>Does the act follow the head of its chain? Loads what it acts on into the context.</summary>
    public static Outcome Check(ActContext context) =>
        context.Rule.Chain == ChainKind.Prescription ? CheckPrescription(context) : CheckPractitioner(context);

    /// <summary>Makes the act the head of its chain, and writes what it acted on.</summary>
    public static Outcome Append(ActContext context) =>
        context.Rule.Chain == ChainKind.Prescription ? AppendToPrescription(context) : AppendToPractitioner(context);

    private static Outcome CheckPrescription(ActContext context)
    {
        var stored = context.Find<Prescription>(EntityKind.Prescription, context.Rule.Subject(context.Event));
        bool exists = stored is { Status: not PrescriptionStatus.Unspecified };
        Outcome outcome = CheckHead(context, exists, stored?.Acts, stored?.LastActMs);
        if (outcome != Outcome.Accepted) return outcome;
        context.Prescription = stored?.Clone() ?? new Prescription();
        Claims.Lapse(context.Prescription, context.NowMs);
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
        return e.TimeMs < lastActMs ? Outcome.TimeBeforePredecessor : Outcome.Accepted;
    }

    private static Outcome AppendToPrescription(ActContext context)
    {
        Prescription prescription = context.Prescription;
        if (!TryAdd(prescription.Acts, context)) return Outcome.LimitReached;
        prescription.LastActMs = context.Event.TimeMs;
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

    private static bool TryAdd(RepeatedField<ActRef> acts, ActContext context)
    {
        if (acts.Count >= MaxActs) return false;
        acts.Add(new ActRef { EventId = ByteString.CopyFrom(context.EventId.Span), LeafIndex = context.LeafIndex });
        return true;
    }
}
