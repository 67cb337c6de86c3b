using RxChain.Engine.Ports;
using RxChain.Storage;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Engine.Tests.Storage;

public class LogCrashTests(ITestOutputHelper output)
{
    private static readonly Unflushed[] Survivals = [Unflushed.Lost, Unflushed.Kept, Unflushed.Random, Unflushed.Random, Unflushed.Random];


    [Theory]
    [InlineData(DiskFault.PowerLoss)]
    [InlineData(DiskFault.Fail)]
    [InlineData(DiskFault.Half)]
    internal void AnyCallFails_ThenPowerLoss_KeepsWhatWasAcknowledged(DiskFault fault)
    {
        int calls = Run(new SampleLog(seed: 7), fault, faultAt: null).Sample.Disk.Calls;
        output.WriteLine($"{calls} calls");
        Assert.True(calls > 100);
        for (int at = 0; at < calls; at++)
        {
            var survivor = Run(new SampleLog(seed: 7), fault, at);
            foreach (var (survival, number) in Survivals.Select((s, i) => (s, i)))
                CheckSurvivor(survivor, survival, new Random(1000 * at + number), $"{fault} at call {at}, {survival} {number}");
        }
    }

    [Theory]
    [InlineData(DiskFault.Fail)]
    [InlineData(DiskFault.Half)]
    internal void AnyCallFails_ThenProcessStartsAgain_KeepsWhatWasAcknowledged(DiskFault fault)
    {
        int calls = Run(new SampleLog(seed: 8), fault, faultAt: null).Sample.Disk.Calls;
        for (int at = 0; at < calls; at++)
        {
            var survivor = Run(new SampleLog(seed: 8), fault, at);
            survivor.Sample.Disk.Restart();
            // What the restarted process claims to be durable must survive a power loss that follows at once.
            long size;
            using (var log = survivor.Sample.Open(survivor.Acknowledged))
                size = log.DurableSize;
            var after = survivor with { Acknowledged = size };
            CheckSurvivor(after, Unflushed.Lost, new Random(at), $"{fault} at call {at}, restarted");
        }
    }

    [Fact]
    public void RandomHistories_OfCrashesAndAppends_KeepWhatWasAcknowledged()
    {
        foreach (int seed in SeededRuns.Seeds(output, quick: 60))
        {
            var random = new Random(seed);
            var survivor = new Survivor(new SampleLog(seed), 0);
            for (int life = 0; life < 6; life++)
            {
                survivor.Sample.Disk.FaultAt = survivor.Sample.Disk.Calls + random.Next(120);
                survivor.Sample.Disk.Fault = (DiskFault)random.Next(3);
                survivor = Live(survivor, random.Next(1, 40), random);
                var survival = (Unflushed)random.Next(3);
                if (random.Next(3) == 0)
                    survivor.Sample.Disk.Restart();
                else
                    survivor.Sample.Disk = survivor.Sample.Disk.AfterPowerLoss(survival, random);
                survivor = Reopen(survivor, $"seed {seed}, life {life}, {survival}");
            }
        }
    }

    // Appends blocks, flushing now and then, over a disk of which one call may fail.
    private static Survivor Run(SampleLog sample, DiskFault fault, int? faultAt)
    {
        sample.Disk.Fault = fault;
        sample.Disk.FaultAt = faultAt;
        return Live(new Survivor(sample, 0), 40, sample.Random);
    }

    private static Survivor Live(Survivor survivor, int blocks, Random random)
    {
        var sample = survivor.Sample;
        long acknowledged = survivor.Acknowledged;
        try
        {
            using var log = sample.Open(acknowledged);
            sample.Truncate(log.Size);
            for (int i = 0; i < blocks; i++)
            {
                sample.Append(log);
                if (random.Next(3) == 0)
                    acknowledged = log.Flush();
                Assert.True(log.DurableSize >= acknowledged);
                acknowledged = log.DurableSize;
            }
        }
        catch (Exception e) when (e is IOException or PowerLossException)
        {
        }
        return new Survivor(sample, acknowledged);
    }

    private static void CheckSurvivor(Survivor survivor, Unflushed survival, Random random, string what)
    {
        var disk = survivor.Sample.Disk.AfterPowerLoss(survival, random);
        Reopen(survivor with { Sample = survivor.Sample.On(disk) }, what);
    }

    private static Survivor Reopen(Survivor survivor, string what)
    {
        try
        {
            using var log = survivor.Sample.Open(survivor.Acknowledged);
            Assert.True(log.Size >= survivor.Acknowledged);
            survivor.Sample.CheckContents(log);
            survivor.Sample.Truncate(log.Size);
            survivor.Sample.Append(log);
            long size = log.Flush();
            survivor.Sample.CheckContents(log);
            return survivor with { Acknowledged = size };
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.Message}", e);
        }
    }

    private sealed record Survivor(SampleLog Sample, long Acknowledged);
}
