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
    private readonly List<Opened> packs = [];

    // From is the MAC that it was known by until now, when it moves; else empty.
    private sealed record Opened(ByteString Mac, ByteString From, Pack Pack)
    {
        public bool Has(ByteString mac) => !mac.IsEmpty && (Mac == mac || From == mac);
    }

    public bool TryTake(PackUse use) => Take(use) == Outcome.Accepted;

    /// <summary>Takes, or says why not.</summary>
    public Outcome Take(PackUse use)
    {
        Opened? known = packs.Find(opened => opened.Has(use.PackMac) || opened.Has(use.PreviousMac));
        Opened opened = known ?? Load(use);
        Pack pack = opened.Pack;
        if (!Parties.IsActing(context, pack.Pharmacy)) return Outcome.PackElsewhere;
        if (pack.Content != use.Content) return Outcome.PackContentDiffers;
        if (use.Taken > pack.Content - pack.Taken) return Outcome.PackAlreadyUsed;
        pack.Taken += use.Taken;
        if (known is null) packs.Add(opened);
        return Outcome.Accepted;
    }

    public void Write()
    {
        foreach (Opened opened in packs)
        {
            context.Put(EntityKind.Pack, opened.Mac, opened.Pack);
            if (!opened.From.IsEmpty) context.Delete(EntityKind.Pack, opened.From);
        }
    }

    // During an exchange of the pack key a pack moves to its new MAC.
    private Opened Load(PackUse use)
    {
        if (context.Find<Pack>(EntityKind.Pack, use.PackMac) is { } stored) return new(use.PackMac, ByteString.Empty, stored.Clone());
        Pack? before = use.PreviousMac.IsEmpty ? null : context.Find<Pack>(EntityKind.Pack, use.PreviousMac);
        if (before is not null) return new(use.PackMac, use.PreviousMac, before.Clone());
        return new(use.PackMac, ByteString.Empty, new Pack { Pharmacy = context.Event.Organisation, Content = use.Content });
    }
}
