using RxChain.Engine.Core;
using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ordering.Etcd;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>An etcd that was put back to a snapshot of its own: the cluster id is the same, what followed is gone.</summary>
public sealed class EtcdRestoreTests : IDisposable
{
    private static readonly string[] _three = [FixedNetwork.Hospital, FixedNetwork.PharmacyA, FixedNetwork.Regulator];

    private readonly SecureEtcd _etcd = new();
    private readonly string _snapshot = Path.Combine(Directory.CreateTempSubdirectory("rxchain-snapshot-").FullName, "db");
    private readonly CancellationToken _soon = new CancellationTokenSource(TimeSpan.FromSeconds(40)).Token;

    public void Dispose()
    {
        _etcd.Dispose();
        Directory.Delete(Path.GetDirectoryName(_snapshot)!, recursive: true);
    }

    [Fact]
    public async Task Restored_BehindWhatWasSeen_NodesHaltWithTheReason()
    {
        await using var network = await PlayAroundSnapshotAsync();
        _etcd.Process.Restore(_snapshot);
        _etcd.Process.Start();
        await AllHaltAsync(network, "it was restored from an old copy");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RestoredAndDrivenOn_WhileNodesRun_NodesHaltWithTheReason(bool lastPutIsEmpty)
    {
        await using var network = await PlayAroundSnapshotAsync();
        if (lastPutIsEmpty)
        {
            _etcd.As("root", "put", network.Prefix + FixedNetwork.PharmacyB, "");
            await network.UntilAsync(() => network.Cluster.Nodes.Values.All(n => n.Status.Alarms.Any(a => a.StartsWith("ordering position", StringComparison.Ordinal))));
        }
        _etcd.Process.Restore(_snapshot);
        await DriveOnAsync(network.Prefix);
        _etcd.Process.Start();
        await AllHaltAsync(network, "something else at revision");
    }

    [Fact]
    public async Task RestoredAndDrivenOn_WhileNodesAreDown_OneBehindContradictsAndIsAlone()
    {
        await using var network = await PlayAroundSnapshotAsync(_three);
        await network.Cluster.StopAsync();
        _etcd.Process.Restore(_snapshot);
        await DriveOnAsync(network.Prefix);
        _etcd.Process.Start();

        // The fourth begins: it finds the first acts, garbage in place of the others, and then batches on blocks it never saw.
        network.Cluster.Start();
        await network.PlayAsync(9);
        await network.AgreeAsync(_three);
        var late = network.Cluster.Nodes[FixedNetwork.PharmacyB];
        // It says why: of the first batch with events; or it halts before, when a third of the others have another log by their
        // clock reports, or a quorum by their heads.
        string[] reasons = ["not one of the last blocks of this log", "build on another log", "DIVERGED: a quorum has"];
        await network.UntilAsync(() => late.Status.Alarms.Any(alarm => reasons.Any(reason => alarm.Contains(reason, StringComparison.Ordinal))));
        var others = EtcdNetwork.EventsOf(network.Cluster.Nodes[FixedNetwork.Hospital]).ToArray();
        var its = EtcdNetwork.EventsOf(late).ToArray();
        Assert.InRange(its.Length, 1, others.Length - 1);
        Assert.Equal(others.Take(its.Length), its);
        Assert.InRange(late.FinalCheckpoint?.Checkpoint.Size ?? 0, 0, CommonLeaves(late, network.Cluster.Nodes[FixedNetwork.Hospital]));
    }

    private static long CommonLeaves(LedgerNode a, LedgerNode b)
    {
        long common = 0;
        while (a.TryReadNode(0, common, out var one) && b.TryReadNode(0, common, out var other) && one == other)
            common++;
        return common;
    }

    private async Task<EtcdNetwork> PlayAroundSnapshotAsync(params string[] members)
    {
        var network = new EtcdNetwork(_etcd);
        network.Cluster.Start(members);
        await network.PlayAsync(3);
        _etcd.As("root", "snapshot", "save", _snapshot);
        await network.PlayAsync(3);
        await network.AgreeAsync();
        return network;
    }

    // More puts than the snapshot lacks, at an address that no node knows.
    private async Task DriveOnAsync(string prefix)
    {
        var elsewhere = _etcd.Process.OtherAddress();
        _etcd.Process.Start(elsewhere);
        await using (var rogue = new EtcdOrdering(_etcd.Options(prefix, "root", elsewhere)))
        {
            for (int i = 0; i < 200; i++)
                await rogue.SubmitAsync("garbage"u8.ToArray(), _soon);
        }
        _etcd.Process.Kill();
    }

    // They refuse writes with the reason, keep what was final, and go on serving it.
    private static async Task AllHaltAsync(EtcdNetwork network, string reason)
    {
        await network.UntilAsync(() => network.Cluster.Nodes.Values.All(n => n.Status.Halt is not null));
        Assert.All(network.Cluster.Nodes.Values, n =>
        {
            Assert.Equal(HaltKind.OrderingLost, n.Status.Halt!.Kind);
            Assert.Contains(reason, n.Status.Halt.Reason, StringComparison.Ordinal);
        });
        var refused = await Assert.ThrowsAsync<OrderingUnavailableException>(() => network.PlayAsync(1));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        await network.AgreeAsync();
    }
}
