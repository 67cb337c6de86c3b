using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>Packs. What is in one is worked out from all that was ever taken from it.</content>
internal sealed partial class NaiveModel
{
    /// <summary>What was taken and is not free again.</summary>
    public static List<Use> Taken(PackBox box) => box.Uses.FindAll(u => !u.Freed);

    private PackBox BoxOf(PackUse use) =>
        Packs.GetValueOrDefault(Text(use.PackMac)) ?? Packs.GetValueOrDefault(Text(use.PreviousMac)) ?? new PackBox();

    private void RefusePacksInUse(IEnumerable<DispensedItem> items)
    {
        var tentative = new List<Use>();
        foreach (PackUse use in items.SelectMany(i => i.Packs))
        {
            Use wanted = WantedUse(use);
            IEnumerable<Use> before = [.. Taken(BoxOf(use)), .. tentative.Where(u => u.Mac == wanted.Mac)];
            foreach (Outcome conflict in Conflicts(wanted, BoxOf(use), [.. before])) RefuseIf(true, conflict);
            tentative.Add(wanted);
        }
    }

    private static Use WantedUse(PackUse use) => new() { Mac = Text(use.PackMac), Content = use.Content, Taken = use.Taken };

    private IEnumerable<Outcome> Conflicts(Use wanted, PackBox box, Use[] before)
    {
        if (Taken(box).Count > 0 && !CallerIs(box.Pharmacy)) yield return Outcome.PackElsewhere;
        if (before.Any(u => u.Content != wanted.Content)) yield return Outcome.PackContentDiffers;
        if (before.Sum(u => u.Taken) + wanted.Taken > wanted.Content) yield return Outcome.PackAlreadyUsed;
    }

    /// <summary>Takes from the pack, unless it is in conflict. A pack known by its old MAC moves to the new one.</summary>
    private bool TakeFromPack(PackUse use, Item item)
    {
        Use wanted = WantedUse(use);
        PackBox box = BoxOf(use);
        if (Conflicts(wanted, box, [.. Taken(box)]).Any()) return false;
        if (Packs.GetValueOrDefault(Text(use.PreviousMac)) == box) Packs.Remove(Text(use.PreviousMac));
        Packs[wanted.Mac] = box;
        if (Taken(box).Count == 0) box.Pharmacy = e.Organisation;
        box.Uses.Add(wanted);
        item.Uses.Add(wanted);
        return true;
    }

    /// <summary>What was taken under a MAC that the pack no longer has stays taken.</summary>
    private void Free(Use use)
    {
        if (Packs.TryGetValue(use.Mac, out PackBox? box) && box.Uses.Contains(use)) use.Freed = true;
    }
}
