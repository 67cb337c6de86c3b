using Google.Protobuf;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>A batch that does not count changes nothing, and says why.</summary>
public sealed class BatchJudgeTests
{
    private readonly TestLedger _ledger = TestLedger.WithPeople();

    [Fact]
    public void Execute_HeaderOfAnotherNetwork_DoesNotCount() =>
        Void(_ledger.Header() with { Network = "rx.example/fedcba9876543210" }, "network");

    [Fact]
    public void Execute_AnotherEpoch_DoesNotCount() => Void(_ledger.Header() with { Epoch = 1 }, "epoch 1");

    [Fact]
    public void Execute_BaseOfAnotherHash_DoesNotCount() => Void(_ledger.Header() with { BaseSealHash = default }, "its base");

    [Fact]
    public void Execute_BaseAhead_DoesNotCount() => Void(_ledger.Header() with { BaseHeight = _ledger.Head.Height + 1 }, "its base");

    [Fact]
    public void Execute_BaseAtTheEdgeOfTheWindow_CountsUntilOneMoreBlock()
    {
        var header = _ledger.Header();
        for (int i = 0; i < 7; i++)
            _ledger.Block();
        Assert.NotNull(_ledger.Try(header with { ClockMs = _ledger.ClockMs += 1000 }, out _, []));
        Void(header with { ClockMs = _ledger.ClockMs += 1000 }, "its base");
    }

    [Fact]
    public void Execute_ProposerWithoutValidator_DoesNotCount()
    {
        Void(_ledger.Header() with { Proposer = FixedNetwork.Insurer }, "not a validator", FixedNetwork.Hospital);
        Void(_ledger.Header() with { Proposer = "nobody" }, "not a validator", FixedNetwork.Hospital);
    }

    [Fact]
    public void Execute_SignedByAnotherNode_DoesNotCount() => Void(_ledger.Header(), "node key", FixedNetwork.Regulator);

    [Fact]
    public void Execute_EmptyWithoutLaterClock_DoesNotCount()
    {
        var header = _ledger.Header();
        Assert.NotNull(_ledger.Try(header, out _, []));
        Void(header with { BaseHeight = _ledger.Head.Height, BaseSealHash = _ledger.Head.SealHash }, "not later");
    }

    [Fact]
    public void Execute_EventOfAnotherNetwork_DoesNotCount()
    {
        var e = _ledger.Story.Issue("rx-1").Event.Clone();
        e.Network = "rx.example/fedcba9876543210";
        VoidEvent(Story.Envelope(e, FixedNetwork.Hospital, Story.Prescriber), "event 1: made for network");
    }

    [Fact]
    public void Execute_SignaturesSwapped_DoesNotCount() => VoidEvent(
        Story.Envelope(_ledger.Story.Issue("rx-1").Event, Story.Prescriber, FixedNetwork.Hospital), "event 1: a signature does not verify");

    [Fact]
    public void Execute_KeyNeverRegistered_DoesNotCount()
    {
        var e = _ledger.Story.Issue("rx-1").Event.Clone();
        e.KeyIds[1] = ByteString.CopyFrom(FixedKeys.KeyIdOf("nobody"));
        VoidEvent(Story.Envelope(e, FixedNetwork.Hospital, "nobody"), "event 1");
    }

    [Fact]
    public void Execute_KeyRegisteredInTheSameBatch_DoesNotCount()
    {
        var registration = _ledger.Story.Register("dr-who", Profession.Prescriber, FixedNetwork.Hospital);
        var e = _ledger.Story.Issue("rx-1").Event.Clone();
        e.ResponsibleId = Story.Id("dr-who");
        e.KeyIds[1] = ByteString.CopyFrom(FixedKeys.KeyIdOf("dr-who"));
        var issue = Story.Parse(Story.Envelope(e, FixedNetwork.Hospital, "dr-who"));
        TestLedger.Know("dr-who");
        Void(_ledger.Header(registration, issue), "was never registered", null, registration, issue);
        _ledger.Block(registration);
        Assert.Equal(Outcome.Accepted, _ledger.Block(issue).Places[0].Outcome);
    }

    private void VoidEvent(byte[] envelope, string says)
    {
        SignedEvent[] events = [_ledger.Story.Issue("rx-0"), Story.Parse(envelope)];
        Void(_ledger.Header(events), says, null, events);
    }

    private void Void(BatchHeader header, string says, string? signer = null, params SignedEvent[] events)
    {
        var (size, root, time) = (_ledger.Head.Size, _ledger.State.ComputeRoot(), _ledger.Head.LedgerTimeMs);
        Assert.Null(_ledger.Try(header, out string reason, events, signer));
        Assert.Contains(says, reason, StringComparison.Ordinal);
        Assert.Equal((size, root, time), (_ledger.Head.Size, _ledger.State.ComputeRoot(), _ledger.Head.LedgerTimeMs));
    }
}
