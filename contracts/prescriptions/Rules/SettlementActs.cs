using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Settle and AdjustSettlement: the payer named in a supply pays it, once; later amounts replace the first.</summary>
internal static class SettlementActs
{
    public static Outcome Settle(ActContext context)
    {
        Outcome outcome = Find(context, context.Event.Settle.DispenseId, out Supply? supply);
        if (outcome != Outcome.Accepted) return outcome;
        if (SupplyActs.IsReversed(supply!)) return Outcome.DispenseReversed;
        if (supply!.Settled) return Outcome.AlreadySettled;
        if (IsDisputed(context, supply)) return Outcome.Disputed;
        supply.Settled = true;
        return Outcome.Accepted;
    }

    public static Outcome Adjust(ActContext context)
    {
        Outcome outcome = Find(context, context.Event.AdjustSettlement.DispenseId, out Supply? supply);
        if (outcome != Outcome.Accepted) return outcome;
        if (!supply!.Settled) return Outcome.NotSettled;
        if (IsDisputed(context, supply)) return Outcome.Disputed;
        supply.RecoveryDue = false;
        return Outcome.Accepted;
    }

    private static Outcome Find(ActContext context, ByteString id, out Supply? supply)
    {
        supply = SupplyActs.Find(context, id);
        if (supply is null) return Outcome.DispenseNotFound;
        return Parties.IsActing(context, supply.Payer) ? Outcome.Accepted : Outcome.NotPayer;
    }

    private static bool IsDisputed(ActContext context, Supply supply) =>
        context.Prescription.Disputes.Any(dispute => dispute.EventId == supply.EventId);
}
