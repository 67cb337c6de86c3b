using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Packs: what was taken from one never exceeds its content, and a split pack stays in one pharmacy.</summary>
internal static class Packs
{
    /// <summary>Accepted when every item has the packs that policy wants, under the keys that it wants.</summary>
    public static Outcome CheckCodes(ActContext context, RepeatedField<DispensedItem> items)
    {
        Policy policy = context.Policy;
        if (policy.PackCodesMandatory && items.Any(item => item.Packs.Count == 0)) return Outcome.PackCodeMissing;
        return items.SelectMany(item => item.Packs).Any(use =>
            use.KeyVersion != policy.PackKeyVersion || use.PreviousMac.IsEmpty == policy.PackKeyExchange)
            ? Outcome.PackKeyWrong
            : Outcome.Accepted;
    }

    /// <summary>Accepted when all codes are as policy wants and all packs are free; they are taken then.</summary>
    public static Outcome Take(ActContext context, RepeatedField<DispensedItem> items, out TakenPacks taken)
    {
        taken = new TakenPacks(context, items);
        Outcome outcome = CheckCodes(context, items);
        return outcome == Outcome.Accepted ? taken.LowestRefusal : outcome;
    }

    /// <summary>A pack that never left is free again.</summary>
    public static void GiveBack(ActContext context, IEnumerable<TakenPack> packs)
    {
        foreach (var uses in packs.GroupBy(taken => taken.PackMac))
        {
            if (context.Find<Pack>(EntityKind.Pack, uses.Key)?.Clone() is not { } pack) continue;
            pack.Taken -= (uint)Math.Min(uses.Sum(taken => (long)taken.Taken), pack.Taken);
            if (pack.Taken == 0) context.Delete(EntityKind.Pack, uses.Key);
            else context.Put(EntityKind.Pack, uses.Key, pack);
        }
    }
}
