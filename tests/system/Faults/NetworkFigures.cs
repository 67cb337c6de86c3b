using System.Diagnostics;
using System.Globalization;
using RxChain.SystemTests.Network;
using RxChain.SystemTests.Processes;
using Xunit.Abstractions;

namespace RxChain.SystemTests.Faults;

/// <summary>
/// Speed of four validators over three ordering members beside one validator alone, all on this machine: for a quiet one,
/// behind a switch. RXCHAIN_FIGURES is the seconds of each point.
/// </summary>
[Collection(NetworkSuite.Name)]
public sealed class NetworkFigures(ITestOutputHelper output)
{
    private static readonly int[] ClientCounts = [1, 10, 100];

    [SkippableFigures]
    public async Task FourValidatorsOverThreeOrderingMembers_BesideOneAlone()
    {
        var point = TimeSpan.FromSeconds(SkippableFiguresAttribute.Seconds);
        await AloneAsync(point);
        await using var network = await NetworkProcesses.StartAsync();
        using var clients = new FigureClients(
            network.Origin, ("hospital", network.OrganisationKey("hospital")), ("pharmacy-1", network.OrganisationKey("pharmacy-1")), network.Client);
        await RegisterAsync(network, clients);
        clients.Prepare(500);
        await clients.RunAsync(20, point);
        foreach (int count in ClientCounts)
            await PointAsync($"4 validators, 3 ordering members, {count,3} clients", clients, count, point);
        await OutageAsync("the ordering's leader is killed", network, clients, () => KillLeaderAsync(network));
        await OutageAsync("a node is killed (neither the hospital's nor the pharmacy's)", network, clients, () =>
        {
            network.Kill("pharmacy-2");
            return Task.CompletedTask;
        });
        await CopyAsync(network);
    }

    private async Task AloneAsync(TimeSpan point)
    {
        using var network = new SoloNetwork();
        using var node = await network.StartAsync();
        using var clients = new FigureClients(
            network.Origin, (SoloNetwork.Member, network.OrganisationKey()), (SoloNetwork.Member, network.OrganisationKey()), _ => new NodeClient(node.GrpcAddress));
        using var key = network.OrganisationKey();
        await clients.RegisterAsync(SoloNetwork.Member, key);
        clients.Prepare(1000);
        await clients.RunAsync(20, point);
        foreach (int count in ClientCounts)
            await PointAsync($"1 validator, local ordering,       {count,3} clients", clients, count, point);
    }

    private async Task PointAsync(string name, FigureClients clients, int count, TimeSpan time)
    {
        clients.Prepare((int)(time.TotalSeconds * (count == 1 ? 200 : 1000)));
        output.WriteLine($"{name}: {await clients.RunAsync(count, time)}");
    }

    private async Task OutageAsync(string what, NetworkProcesses network, FigureClients clients, Func<Task> fault)
    {
        clients.Prepare(6000);
        var running = clients.RunAsync(10, TimeSpan.FromSeconds(12), retry: true);
        await Task.Delay(4000);
        await fault();
        output.WriteLine($"longest time without a final event when {what}: {(await running).LongestGapMs:F0} ms");
        await network.AgreeAsync(1, ["regulator", "hospital", "pharmacy-1"]);
    }

    private async Task CopyAsync(NetworkProcesses network)
    {
        var clock = Stopwatch.StartNew();
        var head = await network.AgreeAsync(1, ["regulator", "hospital", "pharmacy-1"]);
        network.AddObserver("observer", "regulator", "hospital");
        foreach (string asked in new[] { "regulator", "hospital" })
        {
            await network.StopAsync(asked);
            await network.StartAsync(asked);
        }
        clock.Restart();
        await network.StartAsync("observer");
        await network.AgreeAsync(head.Size, ["observer"]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"a new member copied {head.Size} leaves in {clock.Elapsed.TotalSeconds:F1} s, its start included: {head.Size / clock.Elapsed.TotalSeconds:F0} leaves/s"));
    }

    private static async Task RegisterAsync(NetworkProcesses network, FigureClients clients)
    {
        using var key = network.OrganisationKey("regulator");
        await clients.RegisterAsync("regulator", key);
    }

    private static async Task KillLeaderAsync(NetworkProcesses network)
    {
        foreach (var etcd in network.Etcd)
        {
            if (await etcd.IsLeaderAsync())
            {
                etcd.Kill();
                return;
            }
        }
    }
}

/// <summary>A test that runs when RXCHAIN_FIGURES says how many seconds a point has.</summary>
internal sealed class SkippableFiguresAttribute : FactAttribute
{
    public SkippableFiguresAttribute()
    {
        if (Seconds == 0)
            Skip = "Measures for minutes; run with RXCHAIN_FIGURES=20 on a quiet machine.";
    }

    public static int Seconds { get; } = int.TryParse(Environment.GetEnvironmentVariable("RXCHAIN_FIGURES"), CultureInfo.InvariantCulture, out int seconds) ? seconds : 0;
}
