using System.Globalization;
using RxChain.SystemTests.Network;
using RxChain.SystemTests.Processes;
using Xunit.Abstractions;

namespace RxChain.SystemTests.Faults;

/// <summary>Four real nodes over three real etcd members, killed, paused and restarted under constant load.</summary>
[Collection(NetworkSuite.Name)]
public sealed class FaultTests(ITestOutputHelper output)
{
    private const double QuickSeconds = 30;
    private const int Clients = 6;

    /// <summary>RXCHAIN_FAULT_SECONDS lengthens it, RXCHAIN_FAULT_SEED chooses the faults.</summary>
    [Fact]
    public async Task RandomFaults_UnderLoad_NothingLostNothingTwiceAndLinearizable()
    {
        int seed = (int)(Setting("RXCHAIN_FAULT_SEED") ?? Random.Shared.Next());
        output.WriteLine($"RXCHAIN_FAULT_SEED={seed}");
        await using var network = await NetworkProcesses.StartAsync();
        using var load = new FaultLoad(network, seed);
        await load.RegisterAsync();
        var running = load.RunAsync(Clients);
        var faults = new FaultRun(network, new Random(seed), output);
        var until = DateTime.UtcNow.AddSeconds(Setting("RXCHAIN_FAULT_SECONDS") ?? QuickSeconds);
        while (DateTime.UtcNow < until && !running.IsFaulted)
            await faults.OneAsync();
        load.Stop();
        await running;
        await CheckAsync(network, load);
        output.WriteLine($"{faults.Done} faults; {load.Acknowledged.Count} acts answered, {load.Courses.Sum(c => c.Acts.Count(a => a.Answer == Answer.None))} not; {load.Courses.Count} prescriptions, read {load.Courses.Sum(c => c.Readings.Count)} times");
    }

    private static async Task CheckAsync(NetworkProcesses network, FaultLoad load)
    {
        Assert.All(load.Courses, course => Assert.True(Linearizability.Holds(course.Acts), Describe(course.Acts)));
        var head = await network.AgreeAsync(load.Acknowledged.Max(a => a.LeafIndex) + 1, network.Members);
        foreach (string member in network.Members)
        {
            var log = await network.CheckAcknowledgedAsync(member, load.Acknowledged);
            Assert.All(load.Courses, course => Assert.Null(course.FirstFalse(id => log.AcceptedAt(id))));
        }
        foreach (string member in network.Members)
            await network.StopAsync(member);
        foreach (string member in network.Members)
        {
            var audit = Programs.RunAuditor("verify", network.Data(member), "--policy", network.PolicyFile).Expect(0);
            Assert.Contains(head.Root.ToBase64(), audit.Output, StringComparison.Ordinal);
        }
    }

    private static string Describe(IEnumerable<Act> history) =>
        string.Join('\n', history.OrderBy(a => a.Invoked).Select(a => $"{a.Invoked}-{a.Returned} act {a.Sequence} {a.Id} after {a.Previous}: {a.Answer}"));

    private static double? Setting(string name) =>
        double.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out double value) ? value : null;
}
