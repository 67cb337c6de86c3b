using RxChain.SystemTests.Network;
using Xunit.Abstractions;

namespace RxChain.SystemTests.Faults;

/// <summary>Makes one fault after another, and mends each.</summary>
internal sealed class FaultRun(NetworkProcesses network, Random random, ITestOutputHelper output)
{
    /// <summary>Faults made so far.</summary>
    public int Done { get; private set; }

    /// <summary>One fault by chance, mended when this returns.</summary>
    public async Task OneAsync()
    {
        Done++;
        await (random.Next(8) switch
        {
            0 or 1 => KillNodesAsync(1),
            2 => KillNodesAsync(network.Members.Count),
            3 or 4 => KillOrderingAsync(1),
            5 => PauseNodeAsync(network.Members[random.Next(network.Members.Count)]),
            6 => PauseOrderingAsync(random.Next(network.Etcd.Length)),
            _ => KillAllAsync(),
        });
        await Task.Delay(random.Next(500, 2500));
    }

    private async Task KillNodesAsync(int count)
    {
        string[] members = [.. network.Members.OrderBy(_ => random.Next()).Take(count)];
        output.WriteLine($"kill -9 {string.Join(", ", members)}");
        foreach (string member in members)
            network.Kill(member);
        await Task.Delay(random.Next(2000));
        await Task.WhenAll(members.Select(network.StartAsync));
    }

    private async Task KillOrderingAsync(int count)
    {
        int[] places = [.. Enumerable.Range(0, network.Etcd.Length).OrderBy(_ => random.Next()).Take(count)];
        output.WriteLine($"kill -9 ordering members {string.Join(", ", places)}");
        foreach (int place in places)
            network.Etcd[place].Kill();
        await Task.Delay(random.Next(4000));
        foreach (int place in places)
            network.Etcd[place].Start();
    }

    private async Task KillAllAsync()
    {
        output.WriteLine("kill -9 everything");
        foreach (string member in network.Members)
            network.Kill(member);
        await KillOrderingAsync(network.Etcd.Length);
        await Task.WhenAll(network.Members.Select(network.StartAsync));
    }

    private Task PauseNodeAsync(string member) => PauseAsync($"node {member}", network[member].Pause, network[member].Resume);

    private Task PauseOrderingAsync(int place) => PauseAsync($"ordering member {place}", network.Etcd[place].Pause, network.Etcd[place].Resume);

    private async Task PauseAsync(string what, Action pause, Action resume)
    {
        int ms = random.Next(500, 4000);
        output.WriteLine($"pause {what} for {ms} ms");
        pause();
        await Task.Delay(ms);
        resume();
    }
}
