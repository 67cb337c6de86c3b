using System.Runtime.InteropServices;
using RxChain.SystemTests.Network;
using Xunit.Abstractions;

namespace RxChain.SystemTests.Faults;

/// <summary>Makes one fault after another, and mends each.</summary>
internal sealed class FaultRun(NetworkProcesses network, Random random, ITestOutputHelper output)
{
    private const int Stop = 19, Continue = 18;

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
            5 => PauseAsync("node " + Pick(network.Members, out string member), network[member].Id),
            6 => PauseAsync("an ordering member", network.Etcd[random.Next(network.Etcd.Length)].Id),
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

    private async Task PauseAsync(string what, int process)
    {
        int ms = random.Next(500, 4000);
        output.WriteLine($"pause {what} for {ms} ms");
        Assert.Equal(0, Signal(process, Stop));
        await Task.Delay(ms);
        Assert.Equal(0, Signal(process, Continue));
    }

    private string Pick(IReadOnlyList<string> members, out string member) => member = members[random.Next(members.Count)];

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
