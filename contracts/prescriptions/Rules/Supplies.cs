using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Keeps what was handed over: units against lines, packs, and what is beyond.</summary>
internal static class Supplies
{
    // Bounds the state of one prescription.
    private const int MaxPacks = 1_024;

    /// <summary>Accepted for no payer (the patient pays), or an insurer.</summary>
    public static Outcome CheckPayer(ActContext context, string payer) =>
        payer.Length == 0 || Parties.IsInsurer(context, payer) ? Outcome.Accepted : Outcome.PayerUnknown;

    /// <summary>Records a supply. Units count as far as the lines have them, packs as far as they could be taken; the rest
    /// is marked. Where that must not happen, the caller has checked it.</summary>
    public static Outcome Record(ActContext context, RepeatedField<DispensedItem> items, TakenPacks packs, string payer)
    {
        Prescription prescription = context.Prescription;
        int count = items.Sum(item => item.Packs.Count)
            + prescription.Supplies.Sum(s => s.Items.Sum(item => item.Packs.Count));
        if (count > MaxPacks) return Outcome.LimitReached;
        var supply = new Supply
        {
            EventId = ByteString.CopyFrom(context.EventId.Span),
            Dispenser = context.Event.Organisation,
            Payer = payer,
            RecordedMs = context.NowMs,
            HandedOverMs = context.Event.TimeMs,
            Late = context.Rule.Late,
        };
        foreach (DispensedItem item in items) supply.Items.Add(Take(context, item, packs));
        packs.Write();
        prescription.Supplies.Add(supply);
        CompleteIfSupplied(context);
        return Outcome.Accepted;
    }

    private static SuppliedItem Take(ActContext context, DispensedItem item, TakenPacks packs)
    {
        uint counted = 0;
        if (item.Line < context.Prescription.Lines.Count)
        {
            LineState line = context.Prescription.Lines[(int)item.Line];
            counted = Math.Min(item.FulfilsUnits, line.Remaining);
            line.Remaining -= counted;
        }
        var supplied = new SuppliedItem { Line = item.Line, Units = counted, ExcessUnits = item.FulfilsUnits - counted };
        if (supplied.ExcessUnits > 0 && context.Rule.Late) context.Marks |= Marks.ExcessSupply;
        foreach (PackUse use in item.Packs)
        {
            if (packs.Has(use)) supplied.Packs.Add(new TakenPack { PackMac = use.PackMac, Taken = use.Taken });
            else context.Marks |= Marks.PackConflict;
        }
        return supplied;
    }

    /// <summary>A prescription that nobody ended and that has nothing left is Completed.</summary>
    public static void CompleteIfSupplied(ActContext context)
    {
        Prescription prescription = context.Prescription;
        bool open = prescription.Status
            is PrescriptionStatus.Issued or PrescriptionStatus.Active or PrescriptionStatus.Claimed;
        if (open && prescription.Lines.All(line => line.Remaining == 0))
            Claims.Leave(prescription, PrescriptionStatus.Completed, context);
    }
}
