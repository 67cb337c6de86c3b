using RxChain.Protocol.V1;
using StoredItem = RxChain.Prescriptions.State.SuppliedItem;
using StoredSupply = RxChain.Prescriptions.State.Supply;

namespace RxChain.GrpcApi.Reading;

/// <summary>Shows what was handed over.</summary>
internal static class SupplyViews
{
    /// <summary>One supply.</summary>
    public static Supply Create(StoredSupply stored) => new()
    {
        EventId = stored.EventId,
        Dispenser = stored.Dispenser,
        Payer = stored.Payer,
        RecordedMs = stored.RecordedMs,
        HandedOverMs = stored.HandedOverMs,
        Items = { stored.Items.Select(Item) },
        Settled = stored.Settled,
        RecoveryDue = stored.RecoveryDue,
        Late = stored.Late,
    };

    private static SuppliedItem Item(StoredItem stored) => new()
    {
        Line = stored.Line,
        Units = stored.Units,
        ExcessUnits = stored.ExcessUnits,
        Packs = { stored.Packs.Select(pack => new TakenPack { PackMac = pack.PackMac, Taken = pack.Taken }) },
        Reversed = stored.Reversed,
    };
}
