using Google.Protobuf.Collections;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Carries out what ledger time alone has made of a prescription.</summary>
internal static class Lapses
{
    public static void CarryOut(Prescription prescription, ActContext context)
    {
        long nowMs = context.NowMs;
        PrescriptionStatus effective = EffectiveState.At(prescription, nowMs);
        if (effective != prescription.Status) Claims.Leave(prescription, effective, context);
        if (prescription.Hold is { } hold && hold.UntilMs <= nowMs) prescription.Hold = null;
        Remove(prescription.Disputes, dispute => dispute.UntilMs <= nowMs);
        Remove(prescription.Consents, consent => consent.UntilMs <= nowMs);
    }

    public static void Remove<T>(RepeatedField<T> values, Predicate<T> over)
    {
        for (int i = values.Count - 1; i >= 0; i--)
            if (over(values[i])) values.RemoveAt(i);
    }
}
