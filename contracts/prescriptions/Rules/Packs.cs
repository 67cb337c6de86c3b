using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Packs: what was taken from one never exceeds its content, and a split pack stays in one pharmacy.</summary>
internal static class Packs
{
    /// <summary>Accepted when every item has the packs that policy wants and all are free.</summary>
    public static Outcome Check(ActContext context, RepeatedField<DispensedItem> items)
    {
        Outcome outcome = CheckCodes(context, items);
        if (outcome != Outcome.Accepted) return outcome;
        var taker = new PackTaker(context);
        // The lowest refusal of all packs decides.
        Outcome lowest = Outcome.Accepted;
        foreach (PackUse use in items.SelectMany(item => item.Packs))
        {
            outcome = taker.Take(use);
            if (outcome != Outcome.Accepted && (lowest == Outcome.Accepted || outcome < lowest)) lowest = outcome;
        }
        return lowest;
    }

    private static Outcome CheckCodes(ActContext context, RepeatedField<DispensedItem> items)
    {
        Policy policy = context.Policy;
        if (policy.PackCodesMandatory && items.Any(item => item.Packs.Count == 0)) return Outcome.PackCodeMissing;
        return items.SelectMany(item => item.Packs).Any(use =>
            use.KeyVersion != policy.PackKeyVersion || use.PreviousMac.IsEmpty == policy.PackKeyExchange)
            ? Outcome.PackKeyWrong
            : Outcome.Accepted;
    }

    /// <summary>A pack that never left is free again.</summary>
    public static void GiveBack(ActContext context, IEnumerable<TakenPack> packs)
    {
        var changed = new Dictionary<ByteString, Pack>();
        foreach (TakenPack taken in packs)
        {
            if (!changed.TryGetValue(taken.PackMac, out Pack? pack))
            {
                pack = context.Find<Pack>(EntityKind.Pack, taken.PackMac)?.Clone();
                if (pack is null) continue;
                changed.Add(taken.PackMac, pack);
            }
            pack.Taken -= Math.Min(taken.Taken, pack.Taken);
        }
        foreach ((ByteString mac, Pack pack) in changed)
        {
            if (pack.Taken == 0) context.Delete(EntityKind.Pack, mac);
            else context.Put(EntityKind.Pack, mac, pack);
        }
    }
}

/// <summary>Takes units from packs, several times from the same one if need be, and writes them at the end.</summary>
internal sealed class PackTaker(ActContext context)
{
    // In the order of use: the order of state changes is part of the rules.
    private readonly List<(ByteString Mac, ByteString Before, Pack Pack)> packs = [];

    public bool TryTake(PackUse use) => Take(use) == Outcome.Accepted;

    /// <summary>Takes, or says why not.</summary>
    public Outcome Take(PackUse use)
    {
        (Pack pack, bool known) = Load(use);
        if (pack.Pharmacy != context.Event.Organisation) return Outcome.PackElsewhere;
        if (pack.Content != use.Content) return Outcome.PackContentDiffers;
        if (use.Taken > pack.Content - pack.Taken) return Outcome.PackAlreadyUsed;
        pack.Taken += use.Taken;
        if (!known) packs.Add((use.PackMac, use.PreviousMac, pack));
        return Outcome.Accepted;
    }

    public void Write()
    {
        foreach ((ByteString mac, ByteString before, Pack pack) in packs)
        {
            context.Put(EntityKind.Pack, mac, pack);
            // During an exchange of the pack key a pack moves to its new MAC.
            bool moves = !before.IsEmpty && before != mac && context.Find<Pack>(EntityKind.Pack, before) is not null;
            if (moves) context.Delete(EntityKind.Pack, before);
        }
    }

    private (Pack Pack, bool Known) Load(PackUse use)
    {
        foreach ((ByteString mac, _, Pack pack) in packs)
            if (mac == use.PackMac) return (pack, true);
        Pack? stored = context.Find<Pack>(EntityKind.Pack, use.PackMac);
        if (stored is null && !use.PreviousMac.IsEmpty) stored = context.Find<Pack>(EntityKind.Pack, use.PreviousMac);
        return (stored?.Clone() ?? new Pack { Pharmacy = context.Event.Organisation, Content = use.Content }, false);
    }
}
