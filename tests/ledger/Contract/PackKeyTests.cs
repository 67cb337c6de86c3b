using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.World;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Packs while the network exchanges its pack key.</summary>
public class PackKeyTests
{
    private readonly World world = new();

    public PackKeyTests()
    {
        world.Done(world.Issue(100)).Done(world.Claim());
        world.Done(world.Dispense(Item(0, 1, Pack("p", 30, 10))));
        (world.Policy.PackKeyVersion, world.Policy.PackKeyExchange) = (2, true);
    }

    private Pack? Stored(string code) => world.State.Peek<Pack>(EntityKind.Pack, Hash(code));

    /// <summary>A use under the second key, with the MAC under the first.</summary>
    private static PackUse Both(string code, string before, uint taken, uint content = 30)
    {
        PackUse use = Pack(code, content, taken);
        (use.KeyVersion, use.PreviousMac) = (2, Hash(before));
        return use;
    }

    private Event Use(params PackUse[] packs) => world.Dispense(Item(0, 1, packs));

    [Fact]
    public void Exchange_OneMacMissingOrOldKey_IsRefused()
    {
        PackUse onlyNew = Both("p2", "p", 5);
        onlyNew.PreviousMac = ByteString.Empty;
        Assert.Equal(Outcome.PackKeyWrong, world.Do(Use(onlyNew)));
        Assert.Equal(Outcome.PackKeyWrong, world.Do(Use(Pack("p", 30, 5))));
        world.Policy.PackKeyExchange = false;
        Assert.Equal(Outcome.PackKeyWrong, world.Do(Use(Both("p2", "p", 5))));
    }

    [Fact]
    public void Exchange_KnownPack_MovesWithWhatWasTaken()
    {
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(Use(Both("p2", "p", 21))));
        world.Done(Use(Both("p2", "p", 15)));
        Assert.Equal((null, 25u), (Stored("p"), Stored("p2")!.Taken));
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(Use(Both("p2", "p", 6))));
        world.Policy.PackKeyExchange = false;
        PackUse after = Pack("p2", 30, 5);
        after.KeyVersion = 2;
        Assert.Equal(Outcome.Accepted, world.Do(Use(after)));
    }

    [Fact]
    public void Exchange_TwoUsesInOneAct_CountTogether()
    {
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(Use(Both("p2", "p", 15), Both("p2", "p", 15))));
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(Use(Both("p2", "p", 15), Both("p3", "p", 15))));
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(Use(Both("p2", "p", 15), Both("p3", "p2", 15))));
        Assert.Equal(Outcome.PackAlreadyUsed, world.Do(Use(Both("p2", "p", 15), Both("p", "p0", 15))));
        Assert.Equal(10u, Stored("p")!.Taken);
    }

    [Fact]
    public void Exchange_AnotherPharmacysPackAsTheOldOne_StaysAsItIs()
    {
        world.Done(Use(Both("mine", "unknown", 5))).Done(world.Return()).Done(world.Claim("pharmacy-b"));
        world.Done(world.DispenseAt("pharmacy-b", "pharmacist-b", Item(0, 1, Both("theirs", "unknown-2", 5))));
        Event e = world.DispenseAt("pharmacy-b", "pharmacist-b", Item(0, 1, Both("theirs", "p", 5)));
        Assert.Equal(Outcome.Accepted, world.Do(e));
        Assert.Equal(("pharmacy-a", 10u), (Stored("p")!.Pharmacy, Stored("p")!.Taken));
        e = world.DispenseAt("pharmacy-b", "pharmacist-b", Item(0, 1, Both("new", "p", 5)));
        Assert.Equal(Outcome.PackElsewhere, world.Do(e));
    }

    [Fact]
    public void Reverse_AfterTheExchangeBegan_FreesThePack()
    {
        world.Done(world.Reverse(Kind.NotHandedOver, world.LastSupply));
        Assert.Null(Stored("p"));
        Assert.Equal(Outcome.Accepted, world.Do(Use(Both("p2", "p", 30))));
    }

    [Fact]
    public void Reverse_AfterThePackMoved_LeavesIt()
    {
        ByteString first = world.LastSupply;
        world.Done(Use(Both("p2", "p", 5))).Done(world.Reverse(Kind.NotHandedOver, first));
        Assert.Equal((null, 15u), (Stored("p"), Stored("p2")!.Taken));
    }
}
