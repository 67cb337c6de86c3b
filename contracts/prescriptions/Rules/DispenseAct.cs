using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Dispense: the holder hands something over.</summary>
internal static class DispenseAct
{
    public static Outcome Apply(ActContext context)
    {
        Outcome outcome = CheckMayDispense(context);
        if (outcome == Outcome.Accepted) outcome = CheckLines(context);
        if (outcome == Outcome.Accepted) outcome = Supply(context);
        if (outcome == Outcome.Accepted) outcome = Packs.Take(context);
        if (outcome == Outcome.Accepted && context.Prescription.Lines.All(line => line.Remaining == 0))
            Claims.Leave(context.Prescription, PrescriptionStatus.Completed);
        return outcome;
    }

    private static Outcome CheckMayDispense(ActContext context)
    {
        Outcome outcome = HolderActs.CheckGoesOn(context);
        if (outcome != Outcome.Accepted) return outcome;
        if (context.Prescription.QueryOpen) return Outcome.QueryOpen;
        return context.Prescription.Approvals.Count < context.Policy.ApprovalsBeforeDispense
            ? Outcome.ReviewMissing
            : Outcome.Accepted;
    }

    private static Outcome CheckLines(ActContext context)
    {
        Prescription prescription = context.Prescription;
        var items = context.Event.Dispense.Items;
        if (items.Any(item => item.Line >= prescription.Lines.Count)) return Outcome.LineUnknown;
        return items.Any(item => item.SubstitutionCode != 0 && prescription.Lines[(int)item.Line].SubstitutionForbidden)
            ? Outcome.SubstitutionForbidden
            : Outcome.Accepted;
    }

    private static Outcome Supply(ActContext context)
    {
        foreach (DispensedItem item in context.Event.Dispense.Items)
        {
            LineState line = context.Prescription.Lines[(int)item.Line];
            if (item.FulfilsUnits > line.Remaining) return Outcome.UnitsExceeded;
            line.Remaining -= item.FulfilsUnits;
        }
        return Outcome.Accepted;
    }
}
