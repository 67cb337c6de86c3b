using System.Diagnostics;
using Grpc.Net.Client;
using RxChain.Protocol.V1;

namespace RxChain.Bench.Network;

/// <summary>
/// Four validators over three etcd members beside one validator alone: speed until final, what a fault costs, and how fast a
/// new member copies. Everything runs on this machine.
/// </summary>
internal sealed class NetworkBench(string root, TimeSpan point)
{
    private const int WarmUpClients = 20;
    private const int OutageClients = 10;
    private static readonly int[] ClientCounts = [1, 10, 100];
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(12), BeforeFault = TimeSpan.FromSeconds(4);

    public async Task RunAsync()
    {
        await using (var alone = await ValidatorNetwork.StartAsync(Path.Combine(root, "alone"), validators: 1))
            await PointsAsync("1 validator, local ordering", alone);
        await using var network = await ValidatorNetwork.StartAsync(Path.Combine(root, "network"), validators: 4);
        await PointsAsync("4 validators, 3 etcd members", network);
        await OutageAsync("the etcd leader was killed", network, async () =>
        {
            foreach (var etcd in network.Etcd)
            {
                if (!await etcd.IsLeaderAsync())
                    continue;
                etcd.Kill();
                return;
            }
        });
        await OutageAsync("a node was killed", network, () =>
        {
            network.KillLast();
            return Task.CompletedTask;
        });
        await CopyAsync(network);
    }

    private async Task PointsAsync(string name, ValidatorNetwork network)
    {
        var clients = new FinalClients(network.Cast);
        await RunAsync(clients, network, WarmUpClients, point);
        foreach (int count in ClientCounts)
        {
            var figures = await RunAsync(clients, network, count, point);
            Console.WriteLine($"{name}, {count,3} clients  {figures.PerSecond,7:N0} final events/s  p50 {figures.TookMs(0.5),6:F1} ms  p99 {figures.TookMs(0.99),6:F1} ms");
        }
    }

    // The clients of the last member, which is killed, would measure their own patience.
    private static async Task OutageAsync(string what, ValidatorNetwork network, Func<Task> fault)
    {
        var clients = new FinalClients(network.Cast);
        clients.Prepare((int)Outage.TotalSeconds * 500);
        var running = clients.RunAsync([.. network.Addresses.Take(3)], OutageClients, Outage);
        await Task.Delay(BeforeFault);
        await fault();
        Console.WriteLine($"longest time without a final event when {what}: {(await running).LongestGapMs:F0} ms");
    }

    private static async Task CopyAsync(ValidatorNetwork network)
    {
        long size = await FinalSizeAsync(network.Addresses[0]);
        var clock = Stopwatch.StartNew();
        string observer = await network.StartObserverAsync();
        while (await FinalSizeAsync(observer) < size)
            await Task.Delay(50);
        Console.WriteLine($"a new member copied {size:N0} leaves in {clock.Elapsed.TotalSeconds:F1} s, its start included: {size / clock.Elapsed.TotalSeconds:N0} leaves/s");
    }

    private static Task<FinalFigures> RunAsync(FinalClients clients, ValidatorNetwork network, int count, TimeSpan time)
    {
        clients.Prepare((int)(time.TotalSeconds * (count == 1 ? 500 : 3000)));
        return clients.RunAsync(network.Addresses, count, time);
    }

    private static async Task<long> FinalSizeAsync(string address)
    {
        using var channel = GrpcChannel.ForAddress(address);
        return (await new LedgerService.LedgerServiceClient(channel.CreateCallInvoker()).GetStatusAsync(new GetStatusRequest())).FinalSize;
    }
}
