using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Dispense: the holder hands something over.</summary>
internal static class DispenseAct
{
    public static Outcome Apply(ActContext context)
    {
        Dispense dispense = context.Event.Dispense;
        Outcome outcome = CheckMayDispense(context);
        if (outcome == Outcome.Accepted) outcome = CheckLines(context.Prescription, dispense.Items);
        if (outcome == Outcome.Accepted) outcome = CheckUnits(context.Prescription, dispense.Items);
        if (outcome != Outcome.Accepted) return outcome;
        outcome = Packs.Take(context, dispense.Items, out TakenPacks packs);
        if (outcome == Outcome.Accepted) outcome = Supplies.CheckPayer(context, dispense.Payer);
        return outcome == Outcome.Accepted ? Supplies.Record(context, dispense.Items, packs, dispense.Payer) : outcome;
    }

    private static Outcome CheckMayDispense(ActContext context)
    {
        Prescription prescription = context.Prescription;
        Outcome outcome = Claims.CheckUnfinished(prescription);
        if (outcome != Outcome.Accepted) return outcome;
        if (prescription.Hold is not null) return Outcome.Held;
        outcome = HolderActs.CheckGoesOn(context);
        if (outcome != Outcome.Accepted) return outcome;
        if (prescription.QueryOpen) return Outcome.QueryOpen;
        return prescription.Approvals.Count < context.Policy.ApprovalsBeforeDispense
            ? Outcome.ReviewMissing
            : Outcome.Accepted;
    }

    /// <summary>Accepted when all lines exist and no forbidden substitution is among the items.</summary>
    public static Outcome CheckLines(Prescription prescription, RepeatedField<DispensedItem> items)
    {
        if (items.Any(item => item.Line >= prescription.Lines.Count)) return Outcome.LineUnknown;
        return items.Any(item => item.SubstitutionCode != 0 && prescription.Lines[(int)item.Line].SubstitutionForbidden)
            ? Outcome.SubstitutionForbidden
            : Outcome.Accepted;
    }

    private static Outcome CheckUnits(Prescription prescription, RepeatedField<DispensedItem> items)
    {
        Span<ulong> wanted = stackalloc ulong[prescription.Lines.Count];
        foreach (DispensedItem item in items)
        {
            wanted[(int)item.Line] += item.FulfilsUnits;
            if (wanted[(int)item.Line] > prescription.Lines[(int)item.Line].Remaining) return Outcome.UnitsExceeded;
        }
        return Outcome.Accepted;
    }
}
