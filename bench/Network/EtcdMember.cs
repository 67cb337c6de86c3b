using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using RxChain.Testing;

namespace RxChain.Bench.Network;

/// <summary>A real etcd member on loopback, as Debian's <c>etcd-server</c> installs it. Killed, by its id, when it is disposed.</summary>
internal sealed class EtcdMember : IDisposable
{
    private readonly Process _process;

    private EtcdMember(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>Where clients connect.</summary>
    public string Address { get; }

    /// <summary>Starts a cluster of several members, each with its data below a directory.</summary>
    /// <exception cref="InvalidOperationException">There is no etcd on this machine.</exception>
    public static EtcdMember[] StartCluster(int members, string directory)
    {
        int[] ports = FreePorts.Find(2 * members);
        string cluster = string.Join(',', Enumerable.Range(0, members).Select(i => $"m{i}=http://127.0.0.1:{ports[2 * i + 1]}"));
        return [.. Enumerable.Range(0, members).Select(i => Start($"m{i}", ports[2 * i], ports[2 * i + 1], cluster, directory))];
    }

    /// <summary>Whether it leads the cluster, by its own word.</summary>
    public async Task<bool> IsLeaderAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri($"{Address}/v3/maintenance/status"), new StringContent("{}"));
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (string?)status["leader"] == (string?)status["header"]!["member_id"];
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    // Heartbeat and election as in docs/OPERATIONS.md; without a slash at the end of an address, which etcd does not take.
    private static EtcdMember Start(string name, int clientPort, int peerPort, string cluster, string directory)
    {
        string client = $"http://127.0.0.1:{clientPort}", peer = $"http://127.0.0.1:{peerPort}";
        var start = new ProcessStartInfo("etcd",
        [
            "--name", name, "--data-dir", Path.Combine(directory, name), "--initial-cluster", cluster,
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--snapshot-count", "2000",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return new EtcdMember(process, client);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("etcd cannot be started: install Debian's etcd-server (tests/install.sh does).", e);
        }
    }
}
