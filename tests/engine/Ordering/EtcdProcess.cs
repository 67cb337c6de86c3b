using System.Diagnostics;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>One real etcd on loopback, with a data directory that outlives it.</summary>
internal sealed class EtcdProcess : IDisposable
{
    private readonly string[] _arguments;
    private readonly string[] _membership;
    private Process? _process;

    /// <summary>Prepares a member; <see cref="Start"/> runs it.</summary>
    /// <param name="name">Name in the cluster.</param>
    /// <param name="clientPort">Port for clients.</param>
    /// <param name="peerPort">Port for other members.</param>
    /// <param name="cluster">name=url of every member.</param>
    /// <param name="tls">Mutual TLS for clients and members; null for none.</param>
    /// <param name="more">Further arguments.</param>
    public EtcdProcess(string name, int clientPort, int peerPort, string cluster, EtcdCertificates? tls, params string[] more)
    {
        string scheme = tls is null ? "http" : "https";
        // Without a path: etcd takes not even a slash.
        string client = $"{scheme}://127.0.0.1:{clientPort}";
        ClientAddress = new Uri(client);
        string peer = $"{scheme}://127.0.0.1:{peerPort}";
        _membership = ["--name", name, "--initial-advertise-peer-urls", peer, "--initial-cluster", cluster];
        _arguments =
        [
            .. _membership, "--data-dir", DataDirectory, "--advertise-client-urls", client, "--listen-peer-urls", peer,
            "--heartbeat-interval", "50", "--election-timeout", "500", .. tls?.ServerArguments ?? [], .. more,
        ];
    }

    /// <summary>Where clients connect.</summary>
    public Uri ClientAddress { get; }

    /// <summary>Its data.</summary>
    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("rxchain-etcd-").FullName;

    /// <summary>A cluster of one member.</summary>
    public static EtcdProcess Single(params string[] more) => Cluster(1, null, more)[0];

    /// <summary>A cluster of several members, not yet started.</summary>
    public static EtcdProcess[] Cluster(int members, EtcdCertificates? tls = null, params string[] more)
    {
        int[] ports = FreePorts.Find(2 * members);
        string scheme = tls is null ? "http" : "https";
        string cluster = string.Join(',', Enumerable.Range(0, members).Select(i => $"m{i}={scheme}://127.0.0.1:{ports[(2 * i) + 1]}"));
        return [.. Enumerable.Range(0, members).Select(i => new EtcdProcess($"m{i}", ports[2 * i], ports[(2 * i) + 1], cluster, tls, more))];
    }

    public EtcdProcess Start() => Start(ClientAddress);

    /// <summary>Starts it where the clients do not look for it.</summary>
    public EtcdProcess Start(Uri clientAddress)
    {
        var start = new ProcessStartInfo("etcd", [.. _arguments, "--listen-client-urls", clientAddress.AbsoluteUri.TrimEnd('/')])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return this;
    }

    /// <summary>Its disk is lost. Started again, it begins an empty store.</summary>
    public void Wipe()
    {
        Directory.Delete(DataDirectory, recursive: true);
        Directory.CreateDirectory(DataDirectory);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>SIGSTOP: it holds its connections and answers nothing.</summary>
    public void Pause() => Signal("-STOP");

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal("-CONT");

    /// <summary>Stops it and puts a snapshot in place of its data, as an operator would: the cluster id stays.</summary>
    public void Restore(string snapshot)
    {
        Kill();
        Directory.Delete(DataDirectory, recursive: true);
        Tool.Run("etcdctl", ["snapshot", "restore", snapshot, "--data-dir", DataDirectory, .. _membership]);
    }

    /// <summary>Another address at the same host, free now.</summary>
    public Uri OtherAddress() => new UriBuilder(ClientAddress) { Port = FreePorts.Find(1)[0] }.Uri;

    public void Dispose()
    {
        if (_process is not null)
            Resume();
        Kill();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private void Signal(string signal) => Tool.Run("kill", [signal, $"{_process!.Id}"]);
}
