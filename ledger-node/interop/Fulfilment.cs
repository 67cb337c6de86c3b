using RxChain.Prescriptions.Events;

namespace RxChain.Interop;

/// <summary>The pharmacist's word on what some of the dispensed products amount to.</summary>
/// <param name="Line">Line of the prescription, from 0.</param>
/// <param name="Units">Units of that line that they fulfil, 1 or more.</param>
/// <param name="Items">Places in <see cref="FhirDispense.Items"/>. Several where only together they make up the
/// units: two small packs and a larger one in place of the pack prescribed.</param>
public sealed record Fulfilment(uint Line, uint Units, IReadOnlyList<int> Items)
{
    /// <summary>Packs used, for each with its code; none where codes are not kept.</summary>
    public IReadOnlyList<PackUse> Packs { get; init; } = [];

    /// <summary>The usual reading of a dispense on a prescription with one line, for the pharmacist to confirm:
    /// each item fulfils its number of packs if all state one and that is no more than what remains. Otherwise
    /// (other pack sizes, no quantities) all items together fulfil what remains.</summary>
    /// <param name="dispense">What was supplied.</param>
    /// <param name="remainingUnits">What the line has left, 1 or more.</param>
    public static IReadOnlyList<Fulfilment> Usual(FhirDispense dispense, uint remainingUnits)
    {
        ArgumentOutOfRangeException.ThrowIfZero(remainingUnits);
        var packs = dispense.Items.Select(WholePacks).ToList();
        if (packs.All(p => p is not null) && packs.Sum(p => p!.Value) <= remainingUnits)
            return [.. packs.Select((p, i) => new Fulfilment(0, (uint)p!.Value, [i]))];
        return [new Fulfilment(0, remainingUnits, [.. Enumerable.Range(0, dispense.Items.Count)])];
    }

    /// <summary>A whole number of packs, or null.</summary>
    private static decimal? WholePacks(FhirDispensedItem item) =>
        item.Quantity is { Unit: FhirQuantity.Package } quantity && decimal.IsInteger(quantity.Value) ? quantity.Value : null;
}
