using Google.Protobuf;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The content of an emergency supply stays until nobody disputes it, wherever the dispute is kept.</summary>
public class CoveredContentTests
{
    [Fact]
    public void Erase_DisputedWhereTheSupplyIsCovered_IsRefusedUntilTheDisputeEnds()
    {
        var world = new World();
        world.Policy.RetentionMs = World.Day;
        ByteString emergency = world.Rx;
        world.Done(world.EmergencySupply(World.Item(0, 1)));
        Event issue = OutcomeTests.Changed(world.Issue(), e => e.Issue.Covers = emergency);
        world.Rx = issue.PrescriptionId = World.Id("covering");
        world.Done(issue);
        world.Now += 2 * World.Day;
        world.Done(world.OpenDispute(world.LastSupply));
        ByteString dispute = world.LastDispute;

        world.Rx = emergency;
        Event erase = world.LifecycleBy("pharmacy-a", Role.Pharmacy);
        erase.Sequence--;
        erase.Erase = new Erase { ReasonCode = 7 };
        Assert.Equal(Outcome.Disputed, world.Do(erase));

        world.Rx = issue.PrescriptionId;
        world.Done(world.ResolveDispute(dispute));
        Assert.Equal(Outcome.Accepted, world.Do(erase));
    }
}
