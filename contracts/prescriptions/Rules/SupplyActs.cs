using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Prescriptions.Rules;

/// <summary>Correct and Reverse: what the dispenser does to a supply of its own afterwards.</summary>
internal static class SupplyActs
{
    public static Outcome Correct(ActContext context)
    {
        if (Find(context, context.Event.Correct.DispenseId) is not { } supply) return Outcome.DispenseNotFound;
        if (!Parties.IsActing(context, supply.Dispenser)) return Outcome.NotDispenser;
        if (IsReversed(supply)) return Outcome.DispenseReversed;
        return context.Prescription.Erased ? Outcome.ContentErased : Outcome.Accepted;
    }

    public static Outcome Reverse(ActContext context)
    {
        Reverse reverse = context.Event.Reverse;
        if (Find(context, reverse.DispenseId) is not { } supply) return Outcome.DispenseNotFound;
        if (reverse.Items.Any(i => i.Item >= supply.Items.Count)) return Outcome.DispenseNotFound;
        if (!Parties.IsActing(context, supply.Dispenser)) return Outcome.NotDispenser;
        SuppliedItem[] items = reverse.Items.Count == 0
            ? [.. supply.Items.Where(item => !item.Reversed)]
            : [.. reverse.Items.Select(i => supply.Items[(int)i.Item])];
        if (items.Length == 0 || items.Any(item => item.Reversed)) return Outcome.DispenseReversed;
        bool tooLate = context.NowMs - supply.RecordedMs > context.Policy.ReversalPeriodMs;
        if (reverse.Kind == Kind.NotHandedOver && tooLate) return Outcome.ReversalTooLate;
        TakeBack(context, supply, items);
        if (reverse.Kind == Kind.NotHandedOver) Packs.GiveBack(context, items.SelectMany(item => item.Packs));
        return Outcome.Accepted;
    }

    /// <summary>True when nothing of a supply is left.</summary>
    public static bool IsReversed(Supply supply) => supply.Items.All(item => item.Reversed);

    /// <summary>A supply of this prescription, or null.</summary>
    public static Supply? Find(ActContext context, ByteString id) =>
        context.Prescription.Supplies.FirstOrDefault(s => s.EventId == id);

    private static void TakeBack(ActContext context, Supply supply, SuppliedItem[] items)
    {
        Prescription prescription = context.Prescription;
        foreach (SuppliedItem item in items)
        {
            item.Reversed = true;
            if (item.Units > 0) prescription.Lines[(int)item.Line].Remaining += item.Units;
        }
        if (supply.Settled)
        {
            supply.RecoveryDue = true;
            context.Marks |= Marks.RecoveryDue;
        }
        if (prescription.Status == PrescriptionStatus.Completed && prescription.Lines.Any(line => line.Remaining > 0))
            prescription.Status = EffectiveState.Unclaimed(prescription, ReviewAct.Open(context), context.NowMs);
    }
}
