using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ordering.Etcd;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>An etcd of one member with mutual TLS, and users and roles as <c>deploy/etcd-users.sh</c> makes them.</summary>
public sealed class SecureEtcd : IDisposable
{
    private readonly EtcdCertificates _tls = new(["root", "stranger", .. FixedNetwork.Validators]);
    private int _networks;

    public SecureEtcd() => Process = EtcdProcess.Cluster(1, _tls)[0].Start();

    internal EtcdProcess Process { get; }

    /// <summary>A prefix of its own, which the four validators may use.</summary>
    public string NewNetwork()
    {
        string prefix = $"/rxchain/{FixedNetwork.Origin}/{Interlocked.Increment(ref _networks)}/";
        SetUsers([prefix, .. FixedNetwork.Validators]);
        return prefix;
    }

    public void SetUsers(params string[] arguments) =>
        Tool.Run(ScriptPath(), arguments, _tls.Environment("root", Process.ClientAddress));

    public EtcdOptions Options(string prefix, string member, Uri? address = null) => new()
    {
        Endpoints = [address ?? Process.ClientAddress],
        Prefix = prefix,
        Member = member,
        Certificate = _tls.Of(member),
        Authorities = _tls.Authorities,
        HealthInterval = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>Does something as a user; fails when etcd refuses it.</summary>
    public string As(string user, params string[] arguments) =>
        Tool.Run("etcdctl", arguments, _tls.Environment(user, Process.ClientAddress));

    /// <summary>What etcd says to a user whom it must refuse.</summary>
    public string RefusalTo(string user, params string[] arguments)
    {
        var (code, output) = Tool.TryRun("etcdctl", arguments, _tls.Environment(user, Process.ClientAddress));
        Assert.NotEqual(0, code);
        return output;
    }

    public void Put(string user, string key, ReadOnlyMemory<byte> value, params string[] options) =>
        Tool.Run("etcdctl", ["put", key, .. options], _tls.Environment(user, Process.ClientAddress), value);

    /// <summary>Text that etcdctl reads from its standard input: a transaction.</summary>
    public string Transaction(string user, string text) =>
        Tool.Run("etcdctl", ["txn"], _tls.Environment(user, Process.ClientAddress), System.Text.Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        Process.Dispose();
        _tls.Dispose();
    }

    private static string ScriptPath()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "RxChain.sln")))
            at = at.Parent!;
        return Path.Combine(at.FullName, "deploy", "etcd-users.sh");
    }
}
