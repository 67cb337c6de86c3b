using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Packs: what was taken from one never exceeds its content, and a split pack stays in one pharmacy.</summary>
internal static class Packs
{
    public static Outcome Take(ActContext context)
    {
        var items = context.Event.Dispense.Items;
        if (context.Policy.PackCodesMandatory && items.Any(item => item.Packs.Count == 0)) return Outcome.PackCodeMissing;
        var packs = new Dictionary<ByteString, Pack>();
        foreach (PackUse use in items.SelectMany(item => item.Packs))
        {
            if (!packs.TryGetValue(use.PackMac, out Pack? pack))
            {
                pack = Load(context, use);
                packs.Add(use.PackMac, pack);
                context.Put(EntityKind.Pack, use.PackMac, pack);
            }
            if (!TryTake(pack, use, context.Event.Organisation)) return Outcome.PackAlreadyUsed;
        }
        return Outcome.Accepted;
    }

    private static Pack Load(ActContext context, PackUse use) =>
        context.Find<Pack>(EntityKind.Pack, use.PackMac)?.Clone()
        ?? new Pack { Pharmacy = context.Event.Organisation, Content = use.Content };

    private static bool TryTake(Pack pack, PackUse use, string pharmacy)
    {
        bool free = pack.Pharmacy == pharmacy && pack.Content == use.Content && use.Taken <= pack.Content - pack.Taken;
        if (free) pack.Taken += use.Taken;
        return free;
    }
}
