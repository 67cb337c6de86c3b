using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Engine.Tests.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 2000;

    /// <summary>The power goes at each point of a fixed scenario in turn, for one member or for all.</summary>
    [Theory]
    [InlineData(Unflushed.Lost, false)]
    [InlineData(Unflushed.Kept, false)]
    [InlineData(Unflushed.Random, false)]
    [InlineData(Unflushed.Random, true)]
    internal void PowerLoss_AtEveryPoint_NothingPromisedIsLost(Unflushed survival, bool all)
    {
        var scenario = new SimOptions { Seed = 1, Puts = 2, FlushLag = 0.3, Survival = survival, CrashAll = all };
        int points = Run(scenario).Points;
        var clock = Stopwatch.StartNew();
        for (int at = 0; at < points; at++)
            Assert.Equal(1, Run(scenario with { CrashAt = at }).Crashes);
        output.WriteLine($"{points} crash points, {points / clock.Elapsed.TotalSeconds:F0} a second");
        Assert.True(points > 200);
    }

    /// <summary>
    /// Faults of all kinds, of so many seeds on two threads. RXCHAIN_SIM_SEED replays one run, RXCHAIN_SIM_SEEDS says how many.
    /// </summary>
    [Fact]
    public void RandomFaults_ThenNone_OneLogAndFinal()
    {
        if (Setting("RXCHAIN_SIM_SEED") is { } only)
        {
            var world = Run(SimOptions.Random(only));
            output.WriteLine($"{world.Options}: {world.Steps} steps, {world.Crashes} crashes");
            return;
        }
        var clock = Stopwatch.StartNew();
        var cpu = Environment.CpuUsage.TotalTime;
        int first = Random.Shared.Next(1 << 30), seeds = Setting("RXCHAIN_SIM_SEEDS") ?? Seeds, crashes = 0, lies = 0, faces = 0, finals = 0, eras = 0;
        var healing = new ConcurrentBag<(int Steps, int Seed)>();
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            var world = Run(SimOptions.Random(first + i));
            healing.Add((world.HealingSteps, world.Options.Seed));
            Interlocked.Add(ref crashes, world.Crashes);
            Interlocked.Add(ref lies, world.Watch.Proofs);
            Interlocked.Add(ref faces, world.Options.OtherFace == 0 ? 0 : 1);
            Interlocked.Add(ref finals, world.Watch.Finals);
            Interlocked.Add(ref eras, (int)world.Watch.ErasEnded);
        });
        output.WriteLine($"seeds {first} to {first + seeds - 1}: {crashes} crashes, {finals} final heads, {eras} changes of the validators, {lies} equivocations proved, {faces} orders with two faces; "
            + $"healed after at most {healing.Max().Steps} steps (seed {healing.Max().Seed}); "
            + $"{clock.Elapsed.TotalSeconds:F0} s, {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F0} s of processor time");
        Assert.True(crashes > 0 && lies > 0 && faces > 0 && eras > 0);
    }

    [Fact]
    public void SameSeed_Twice_SameRun()
    {
        var first = Run(SimOptions.Random(7));
        var second = Run(SimOptions.Random(7));
        Assert.Equal((first.Steps, first.Points, first.Crashes), (second.Steps, second.Points, second.Crashes));
        Assert.Equal(first.Nodes[0].Executor.Head.SealHash, second.Nodes[0].Executor.Head.SealHash);
    }

    internal static SimWorld Run(SimOptions options)
    {
        var world = new SimWorld(options);
        try
        {
            world.Run();
            return world;
        }
        catch (Exception e)
        {
            throw new SimViolationException($"RXCHAIN_SIM_SEED={options.Seed}, {options}: {e.Message}", e);
        }
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : null;
}
