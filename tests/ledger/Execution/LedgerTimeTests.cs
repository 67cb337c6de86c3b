using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>Ledger time is the upper median of four validators' last clocks, and never goes back. Times are seconds after the start.</summary>
public sealed class LedgerTimeTests
{
    private readonly TestLedger _ledger = new();

    [Fact]
    public void FirstSeal_Always_HasTheTimeOfTheGenesis() => Assert.Equal(FixedNetwork.CreatedMs, _ledger.Seals[0].LedgerTimeMs);

    [Fact]
    public void OneClock_FarAhead_ChangesNothing()
    {
        Assert.Equal(0, After(0, 1_000_000));
        Assert.Equal(10, After(1, 10));
        Assert.Equal(11, After(2, 11));
        Assert.Equal(12, After(3, 12));
    }

    [Fact]
    public void OneClock_FarBehind_ChangesNothing()
    {
        After(0, 100);
        Assert.Equal(100, After(1, 100));
        Assert.Equal(100, After(2, 101));
        Assert.Equal(101, After(3, 101));
        Assert.Equal(102, After(0, 102, 1, 102));
    }

    [Fact]
    public void Median_Lower_NeverGoesBack()
    {
        After(0, 100);
        Assert.Equal(100, After(1, 100));
        var events = new[] { _ledger.Story.Register("dr-who", Prescriptions.Events.Profession.Prescriber, FixedNetwork.Hospital) };
        var header = _ledger.Header(events) with { Proposer = FixedNetwork.Hospital, ClockMs = FixedNetwork.CreatedMs };
        Assert.Equal(FixedNetwork.CreatedMs + 100_000, _ledger.Try(header, out string reason, events)?.Seal.LedgerTimeMs ?? -1);
        Assert.Empty(reason);
    }

    // Empty batches of validators, each with its clock; the ledger time after the last.
    private long After(params int[] validatorAndClock)
    {
        for (int i = 0; i < validatorAndClock.Length; i += 2)
        {
            var header = _ledger.Header() with
            {
                Proposer = FixedNetwork.Validators[validatorAndClock[i]],
                ClockMs = FixedNetwork.CreatedMs + validatorAndClock[i + 1] * 1000L,
            };
            Assert.True(_ledger.Try(header, out string reason, []) is not null, reason);
        }
        return (_ledger.Head.LedgerTimeMs - FixedNetwork.CreatedMs) / 1000;
    }
}
