using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Engine.Tests.Core;

/// <summary>A validator that starts, perhaps on an old disk, asks what its key has cosigned before it cosigns again.</summary>
public sealed class StartQuestionTests
{
    private long _nowMs = FixedNetwork.CreatedMs;

    [Fact]
    public void Start_NobodyAnswers_NothingIsCosigned()
    {
        var members = Members(FinalityMember.Memory);
        Append(members, 10);
        Ticks(members, message => message is not HeadsShown);
        Assert.All(members, m => Assert.Empty(m.Effects.OfType<SaveCosignedHead>()));
        Ticks(members, _ => true);
        Assert.All(members, m => Assert.Equal(10, m.Finality.FinalSize));
    }

    [Fact]
    public void OldDisk_PeersHaveALargerCosignature_NothingBeforeItsLogHasThatHead()
    {
        var members = Members(Knowing(FinalityMember.Head(30)));
        Append(members, 10);
        Ticks(members, _ => true);
        Assert.Empty(members[0].Effects.OfType<SaveCosignedHead>());

        Append(members, 30);
        Ticks(members, _ => true);

        Assert.Equal([30L], members[0].Effects.OfType<SaveCosignedHead>().Select(s => s.Head.Size));
        Assert.All(members, m => Assert.Equal(30, m.Finality.FinalSize));
    }

    [Fact]
    public void OldDisk_ItsKeyCosignedAnotherLog_NeverCosignsAndTellsBothHeads()
    {
        var signed = FinalityMember.Head(30, "another log");
        var members = Members(Knowing(signed));
        Append(members, 10);
        Append(members, 30);
        Ticks(members, _ => true);

        var halt = Assert.Single(members[0].Effects.OfType<HaltNode>()).Halt;
        Assert.Equal(HaltKind.Diverged, halt.Kind);
        Assert.Contains(signed.Root.ToString(), halt.Reason, StringComparison.Ordinal);
        Assert.Contains(FinalityMember.Head(30).Root.ToString(), halt.Reason, StringComparison.Ordinal);
        Assert.Empty(members[0].Effects.OfType<SaveCosignedHead>());
        // The other three go on.
        Assert.All(members[1..], m => Assert.Equal(30, m.Finality.FinalSize));
    }

    [Fact]
    public void Start_OnePeerShowsACosignatureThatTheKeyNeverMade_IsIgnored()
    {
        var members = Members(FinalityMember.Memory);
        var forged = Cosign(members[1], FinalityMember.Head(1L << 40)) with { Sender = members[0].Name };
        members[0].Receive(new HeadsShown(members[1].Name, 1, null, forged));
        Append(members, 10);
        Ticks(members, _ => true);
        Assert.All(members, m => Assert.Equal(10, m.Finality.FinalSize));
        Assert.Contains(members[0].Alarms, a => a.Contains("has not made", StringComparison.Ordinal));
    }

    [Fact]
    public void Answer_ToTheQuestionOfAFormerLife_DoesNotCount()
    {
        var members = Members(FinalityMember.Memory);
        Append(members, 10);
        foreach (var peer in members[1..])
            members[0].Receive(new HeadsShown(peer.Name, 99, null, null));
        Ticks(members, message => message is not HeadsShown);
        Assert.Empty(members[0].Effects.OfType<SaveCosignedHead>());
    }

    // What the three others keep: the first member's key cosigned this head.
    private static CoreMemory Knowing(CosignedHead head) => FinalityMember.Memory with
    {
        Cosignatures = [Cosign(new FinalityMember(FixedNetwork.Validators[0]), head)],
    };

    private static HeadCosigned Cosign(FinalityMember member, CosignedHead head) =>
        new Cosignatures(FixedNetwork.Origin).Sign(member.Identity, head, 1);

    private static FinalityMember[] Members(CoreMemory others) =>
        [.. FixedNetwork.Validators.Select((name, i) => new FinalityMember(name, memory: i == 0 ? FinalityMember.Memory : others))];

    private static void Append(FinalityMember[] members, long size)
    {
        foreach (var member in members)
            member.Append(size);
    }

    private void Ticks(FinalityMember[] members, Func<PeerMessage, bool> arrives)
    {
        for (int i = 0; i < 60; i++)
        {
            _nowMs += 100;
            foreach (var member in members)
                member.Tick(_nowMs);
            FinalityMember.Deliver(members, arrives);
        }
    }
}
