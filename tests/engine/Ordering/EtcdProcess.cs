using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>One real etcd on loopback, with a data directory that outlives it.</summary>
internal sealed class EtcdProcess : IDisposable
{
    private readonly string[] _arguments;
    private Process? _process;

    /// <summary>Prepares a member; <see cref="Start"/> runs it.</summary>
    /// <param name="name">Name in the cluster.</param>
    /// <param name="clientPort">Port for clients.</param>
    /// <param name="peerPort">Port for other members.</param>
    /// <param name="cluster">name=url of every member.</param>
    /// <param name="more">Further arguments.</param>
    public EtcdProcess(string name, int clientPort, int peerPort, string cluster, params string[] more)
    {
        // Without a path: etcd takes not even a slash.
        string client = $"http://127.0.0.1:{clientPort}";
        ClientAddress = new Uri(client);
        string peer = $"http://127.0.0.1:{peerPort}";
        _arguments =
        [
            "--name", name, "--data-dir", DataDirectory,
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", cluster,
            "--heartbeat-interval", "50", "--election-timeout", "500", .. more,
        ];
    }

    /// <summary>Where clients connect.</summary>
    public Uri ClientAddress { get; }

    /// <summary>Id of the running process.</summary>
    public int Id => _process!.Id;

    /// <summary>Its data.</summary>
    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("rxchain-etcd-").FullName;

    /// <summary>A cluster of one member.</summary>
    public static EtcdProcess Single(params string[] more)
    {
        int[] ports = FreePorts(2);
        return new EtcdProcess("solo", ports[0], ports[1], $"solo=http://127.0.0.1:{ports[1]}", more);
    }

    /// <summary>A cluster of several members, not yet started.</summary>
    public static EtcdProcess[] Cluster(int members)
    {
        int[] ports = FreePorts(2 * members);
        string cluster = string.Join(',', Enumerable.Range(0, members).Select(i => $"m{i}=http://127.0.0.1:{ports[(2 * i) + 1]}"));
        return [.. Enumerable.Range(0, members).Select(i => new EtcdProcess($"m{i}", ports[2 * i], ports[(2 * i) + 1], cluster))];
    }

    public EtcdProcess Start()
    {
        var start = new ProcessStartInfo("etcd") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in _arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return this;
    }

    /// <summary>Whether it leads its cluster, by its own word.</summary>
    public async Task<bool> IsLeaderAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(ClientAddress, "/v3/maintenance/status"), new StringContent("{}"));
        var status = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (string?)status["leader"] == (string?)status["header"]!["member_id"];
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        listeners.ForEach(l => l.Stop());
        return ports;
    }
}
