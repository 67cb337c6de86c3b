using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>A dispense that nobody could find fault with, by the pharmacy that holds the prescription.</summary>
internal static class RightfulDispense
{
    /// <summary>One unit of a line that has some left, from a new pack; null when nobody who may do it holds the claim.</summary>
    public static Event? Of(World world)
    {
        if (world.Stored is null || world.Status != PrescriptionStatus.Claimed) return null;
        string holder = world.Stored.Holder;
        if (!Valid(world, holder) || Pharmacist(world, holder) is not { } pharmacist) return null;
        uint version = world.Policy.PackKeyVersion;
        PackUse pack = World.Pack($"new pack of leaf {world.Leaf}", 10, 10);
        pack.KeyVersion = version;
        if (world.Policy.PackKeyExchange) pack.PreviousMac = World.Hash("the same under the key before");
        int line = world.Stored.Lines.Select((l, n) => (l, n)).First(x => x.l.Remaining > 0).n;
        Event e = world.LifecycleBy(holder, Role.Pharmacy, pharmacist);
        e.Dispense = new Dispense { Items = { World.Item((uint)line, 1, pack) }, ContentCommitment = World.Hash("record") };
        return e;
    }

    /// <summary>The member is one still and its key is good.</summary>
    public static bool Valid(World world, string organisation) =>
        world.Organisation(organisation).Roles.Count > 0 && KeyIsGood(world, organisation);

    /// <summary>A practitioner of that profession there who may sign.</summary>
    public static string? Practitioner(World world, string organisation, Profession profession, int skip = 0) => Network.People
        .Where(p => p.Value.Split(' ').Contains(organisation) && Network.ProfessionOf(p.Key) == profession)
        .Select(p => p.Key)
        .Where(name => !world.Practitioner(name).Suspended && KeyIsGood(world, name))
        .Skip(skip).FirstOrDefault();

    private static string? Pharmacist(World world, string holder)
    {
        string? name = Practitioner(world, holder, Profession.Pharmacist);
        // Custody that policy may find too weak for this act.
        return name is null || world.Key(name).Custody == Custody.Organisation ? null : name;
    }

    private static bool KeyIsGood(World world, string name) =>
        world.Key(name).ValidUntil == 0 || world.Leaf < world.Key(name).ValidUntil;
}
