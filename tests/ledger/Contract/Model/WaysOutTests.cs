using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>Every stuck state has a way out: from where a random history ends, a search over sensible acts finds it.</summary>
public class WaysOutTests(ITestOutputHelper output)
{
    private readonly SortedDictionary<string, int> ways = [];

    [Fact]
    public void EndOfAnyHistory_UnfinishedPrescription_HasAWayOut()
    {
        int seed = FuzzRun.Seed(output);
        Runs.Check(output, seed, 25, history =>
        {
            var run = new HistoryRun(history.Settings, new Tally());
            run.Run(history);
            for (int slot = 0; slot < ActBuilder.Slots; slot++) CheckSlot(run.World, slot);
        });
        foreach ((string way, int times) in ways) output.WriteLine($"{times} {way}");
    }

    private void CheckSlot(World world, int slot)
    {
        world.Rx = ActBuilder.SlotId(slot);
        if (world.State.Peek<Prescription>(EntityKind.Prescription, world.Rx) is null || WaysOut.IsFinished(world)) return;
        Assert.True(WaysOut.EndsByItself(world), $"rx-{slot} never ends: {world.Stored}");
        string? end = WaysOut.ToTheEnd(world);
        Assert.True(end is not null, $"rx-{slot} cannot be ended: {world.Stored}");
        string? dispensing = WaysOut.ToDispensing(world);
        Assert.True(dispensing is not null || IsHopeless(world), $"nobody can dispense rx-{slot}: {world.Stored}");
        string way = dispensing ?? "hopeless, but: " + end;
        ways[way] = ways.GetValueOrDefault(way) + 1;
    }

    /// <summary>Nobody would expect the patient to get anything from this one any more.</summary>
    private static bool IsHopeless(World world)
    {
        Prescription rx = world.Stored;
        bool nobodyLeft = new[] { rx.Issuer }.Concat(Network.Pharmacies).Any(name => !RightfulDispense.Valid(world, name));
        bool keysLost = Network.People.Keys.Any(p => world.Key(p).ValidUntil > 0);
        bool unreviewed = rx.Approvals.Count < Math.Max(world.Policy.ApprovalsBeforeClaim, world.Policy.ApprovalsBeforeDispense);
        return rx.CancellationPending || !rx.AfterId.IsEmpty || nobodyLeft || keysLost || unreviewed || rx.NotBeforeMs >= rx.NotAfterMs
            || rx.NotAfterMs <= world.Now + World.Hour || world.Policy.CustodyByAct.Count > 0;
    }
}
