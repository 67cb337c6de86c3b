using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Engine.Tests.Core;

/// <summary>Another log than this node's: of one validator it is an alarm, of a quorum it is this node that is wrong.</summary>
public sealed class DivergenceTests
{
    private readonly FinalityMember _me = new(FixedNetwork.Hospital);
    private readonly FinalityMember[] _others = [.. FixedNetwork.Validators.Where(n => n != FixedNetwork.Hospital).Select(n => new FinalityMember(n, log: "theirs"))];

    [Fact]
    public void QuorumReportsAnotherRoot_HaltsOnceAndNeverCosignsAgain()
    {
        _me.Append(10);
        foreach (var other in _others)
            _me.Receive(Report(other, 10));

        var halt = Assert.Single(_me.Effects.OfType<HaltNode>()).Halt;
        Assert.Equal(HaltKind.Diverged, halt.Kind);
        Assert.Contains(FinalityMember.Head(10).Root.ToString(), halt.Reason, StringComparison.Ordinal);
        Assert.Contains(FinalityMember.Head(10, "theirs").Root.ToString(), halt.Reason, StringComparison.Ordinal);
        Assert.Single(_me.Alarms, a => a.StartsWith("DIVERGED", StringComparison.Ordinal));

        // Whatever is said now, it does not cosign.
        _me.Append(20);
        foreach (var other in _others)
        {
            _me.Receive(new HeadsShown(other.Name, 1, null, null));
            _me.Receive(new HeadReports(FixedNetwork.Origin).Sign(other.Name, [FinalityMember.Head(20)], other.Identity.NodeKey));
            _me.Receive(new SizeNamed(other.Name, 20));
        }
        Assert.Empty(_me.Effects.OfType<SaveCosignedHead>());
    }

    [Fact]
    public void QuorumCosignsAnotherRootBeforeThisNodeHasTheSize_HaltsWhenItHas()
    {
        foreach (var other in _others)
            _me.Receive(Cosign(other, FinalityMember.Head(10, "theirs")));
        Assert.Null(_me.Finality.Halt);
        _me.Append(10);
        Assert.Equal(HaltKind.Diverged, _me.Finality.Halt?.Kind);
    }

    [Fact]
    public void FinalCheckpointOfAnotherRootIsShown_Halts()
    {
        FinalityMember.Deliver([_me, .. _others], _ => false);
        _me.Append(10);
        var head = FinalityMember.Head(10, "theirs");
        var shown = FixedNetwork.Sign(new(FixedNetwork.Origin, head.Size, head.Root), 1, [.. _others.Select(o => o.Name)]);
        _me.Receive(new HeadsShown(_others[0].Name, 1, shown, null));
        Assert.Equal(HaltKind.Diverged, _me.Finality.Halt?.Kind);
    }

    [Fact]
    public void TwoOfFourHaveAnotherRoot_AlarmsAndGoesOn()
    {
        _me.Append(10);
        foreach (var other in _others[..2])
        {
            _me.Receive(Report(other, 10));
            _me.Receive(Report(other, 10));
        }
        Assert.Null(_me.Finality.Halt);
        Assert.Equal(2, _me.Alarms.Count(a => a.StartsWith("split view", StringComparison.Ordinal)));
    }

    [Fact]
    public void AnotherRootOfASizeThatIsFinal_Alarms()
    {
        FinalityMember[] three = [_me, .. _others[..2].Select(o => new FinalityMember(o.Name))];
        foreach (var member in three)
        {
            member.Tick(FixedNetwork.CreatedMs);
            member.Append(10);
        }
        FinalityMember.Deliver(three, _ => true);
        Assert.Equal(10, _me.Finality.FinalSize);

        _me.Receive(Report(_others[2], 10));

        Assert.Single(_me.Alarms, a => a.StartsWith($"split view: {_others[2].Name} has size 10", StringComparison.Ordinal));
    }

    [Fact]
    public void Diverged_GoesOnTellingWhatItHas()
    {
        _me.Tick(FixedNetwork.CreatedMs);
        _me.Append(10);
        foreach (var other in _others)
            _me.Receive(Report(other, 10));
        _me.Outbox.Clear();

        _me.Tick(FixedNetwork.CreatedMs + Turns.TurnMs);

        Assert.Equal(FinalityMember.Head(10), Assert.Single(_me.Outbox.Select(o => o.Message).OfType<HeadReport>()).Heads[^1]);
        Assert.Empty(_me.Outbox.Select(o => o.Message).OfType<HeadCosigned>());
    }

    [Fact]
    public void OneKeyCosignsTwoRootsOfOneSize_ProofIsKeptOnce()
    {
        var liar = _others[0];
        foreach (string log in (string[])["a", "b", "c"])
            _me.Receive(Cosign(liar, FinalityMember.Head(10, log)));
        CheckProof(liar, EquivocationKind.Cosignatures);
    }

    [Fact]
    public void OneKeyReportsTwoRootsOfOneSize_ProofIsKept()
    {
        var liar = _others[0];
        _me.Receive(Report(liar, 10));
        _me.Receive(new HeadReports(FixedNetwork.Origin).Sign(liar.Name, [FinalityMember.Head(9), FinalityMember.Head(10)], liar.Identity.NodeKey));
        CheckProof(liar, EquivocationKind.HeadReports);
    }

    private void CheckProof(FinalityMember liar, EquivocationKind kind)
    {
        var proof = Assert.Single(_me.Effects.OfType<KeepEvidence>()).Proof;
        Assert.Equal((liar.Name, kind), (proof.Validator, proof.Kind));
        Assert.True(proof.Holds(FixedNetwork.Origin, out string what), what);
        Assert.Single(_me.Alarms, a => a.StartsWith("EQUIVOCATION", StringComparison.Ordinal));
    }

    private static HeadReport Report(FinalityMember of, long size) =>
        new HeadReports(FixedNetwork.Origin).Sign(of.Name, [FinalityMember.Head(size, of.LogName)], of.Identity.NodeKey);

    private static HeadCosigned Cosign(FinalityMember member, CosignedHead head) =>
        new Cosignatures(FixedNetwork.Origin).Sign(member.Identity, head, 1);
}
