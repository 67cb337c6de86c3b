using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>What one act takes from packs, in the order of use, several times from the same one if need be.</summary>
internal sealed class TakenPacks
{
    private readonly ActContext context;

    // In the order of use: the order of state changes is part of the rules. By MAC only to look up.
    private readonly List<Opened> opened = [];
    private readonly Dictionary<ByteString, Opened> byMac = [];
    private readonly HashSet<PackUse> refused = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes from every pack that is free.</summary>
    public TakenPacks(ActContext context, RepeatedField<DispensedItem> items)
    {
        this.context = context;
        foreach (PackUse use in items.SelectMany(item => item.Packs))
        {
            Outcome outcome = Take(use);
            if (outcome == Outcome.Accepted) continue;
            refused.Add(use);
            if (LowestRefusal == Outcome.Accepted || outcome < LowestRefusal) LowestRefusal = outcome;
        }
    }

    // From is the MAC that it was known by until now, when it moves; else empty.
    private sealed record Opened(ByteString Mac, ByteString From, Pack Pack, int Place);

    /// <summary>The lowest of all refusals; Accepted when every pack was free.</summary>
    public Outcome LowestRefusal { get; private set; }

    /// <summary>Whether this use was taken.</summary>
    public bool Has(PackUse use) => !refused.Contains(use);

    /// <summary>Writes the packs into the act's changes.</summary>
    public void Write()
    {
        foreach (Opened pack in opened)
        {
            context.Put(EntityKind.Pack, pack.Mac, pack.Pack);
            if (!pack.From.IsEmpty) context.Delete(EntityKind.Pack, pack.From);
        }
    }

    private Outcome Take(PackUse use)
    {
        Opened? known = Known(use);
        Opened found = known ?? Load(use);
        Pack pack = found.Pack;
        if (!Parties.IsActing(context, pack.Pharmacy)) return Outcome.PackElsewhere;
        if (pack.Content != use.Content) return Outcome.PackContentDiffers;
        if (use.Taken > pack.Content - pack.Taken) return Outcome.PackAlreadyUsed;
        pack.Taken += use.Taken;
        if (known is null) Add(found);
        return Outcome.Accepted;
    }

    /// <summary>Two uses that share a MAC are one pack: the one that was opened first.</summary>
    private Opened? Known(PackUse use)
    {
        byMac.TryGetValue(use.PackMac, out Opened? now);
        byMac.TryGetValue(use.PreviousMac, out Opened? before);
        return now is null || before?.Place < now.Place ? before : now;
    }

    private void Add(Opened pack)
    {
        opened.Add(pack);
        byMac.Add(pack.Mac, pack);
        if (!pack.From.IsEmpty) byMac.Add(pack.From, pack);
    }

    // During an exchange of the pack key a pack moves to its new MAC.
    private Opened Load(PackUse use)
    {
        if (context.Find<Pack>(EntityKind.Pack, use.PackMac) is { } stored)
            return new(use.PackMac, ByteString.Empty, stored.Clone(), opened.Count);
        Pack? before = use.PreviousMac.IsEmpty ? null : context.Find<Pack>(EntityKind.Pack, use.PreviousMac);
        return before is not null
            ? new(use.PackMac, use.PreviousMac, before.Clone(), opened.Count)
            : new(use.PackMac, ByteString.Empty, new Pack { Pharmacy = context.Event.Organisation, Content = use.Content }, opened.Count);
    }
}
