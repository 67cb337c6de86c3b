using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>Random histories of up to a hundred acts, decided by the contract and by the naive model.
/// RXCHAIN_FUZZ_SEED repeats a run, RXCHAIN_FUZZ_SECONDS lengthens it. A failure prints the shrunk history.</summary>
public class ModelTests(ITestOutputHelper output)
{
    private const int HistoriesPerSeed = 100;
    private const int LeastSeeds = 3;

    // Some need several rare things at once; which ones are missed differs from run to run.
    private const int MostOutcomesMissed = 10;

    [Fact]
    public void Apply_RandomHistories_AgreesWithTheNaiveModelAndKeepsTheInvariants()
    {
        var tally = new Tally();
        int first = FuzzRun.Seed(output);
        var clock = Stopwatch.StartNew();
        for (int seed = first; seed < first + LeastSeeds || clock.Elapsed < FuzzRun.Duration; seed++)
        {
            Runs.Check(output, seed, HistoriesPerSeed, history =>
            {
                tally.Histories++;
                new HistoryRun(history.Settings, tally).Run(history);
            });
        }
        output.WriteLine(tally.ToString());
        output.WriteLine("not reached: " + string.Join(", ", tally.NeverReached));
        Assert.Empty(tally.NeverAccepted);
        Assert.InRange(tally.NeverReached.Count(), 0, MostOutcomesMissed);
    }
}

/// <summary>Runs of FsCheck over <see cref="Histories.Any"/>.</summary>
internal static class Runs
{
    /// <summary>Prints the seed and checks that many histories, none of which may fail.</summary>
    public static void Check(ITestOutputHelper output, int seed, int histories, Action<History> check)
    {
        output.WriteLine($"RXCHAIN_FUZZ_SEED={seed}");
        var replay = new Replay(new Rnd((ulong)seed), FSharpOption<int>.None);
        Config config = Config.QuickThrowOnFailure.WithMaxTest(histories).WithReplay(FSharpOption<Replay>.Some(replay));
        FsCheck.Check.One(config, Prop.ForAll(Histories.Any, check));
    }
}
