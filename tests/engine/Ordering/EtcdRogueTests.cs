using RxChain.Ledger.Batches;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>
/// What somebody with a member's credentials, or etcd's own administrator, does to the order of four running nodes: none
/// of it changes what is applied, applies a batch twice, or goes unnoticed.
/// </summary>
public sealed class EtcdRogueTests(SecureEtcd etcd) : IClassFixture<SecureEtcd>
{
    [Fact]
    public async Task GarbageSquattedAndExpiringKeys_AreAlarmsAndNothingElse()
    {
        await using var network = await StartAsync();
        etcd.Put(FixedNetwork.PharmacyB, network.KeyOf(FixedNetwork.PharmacyB), "garbage"u8.ToArray());
        etcd.Put("root", network.Prefix + "squatted/x", "garbage"u8.ToArray());
        etcd.Put("root", network.KeyOf(FixedNetwork.Hospital), new byte[1_000_000]);
        string lease = etcd.As("root", "lease", "grant", "1").Split(' ')[1];
        etcd.Put("root", network.Prefix + "leased", "garbage"u8.ToArray(), $"--lease={lease}");
        await network.PlayAsync(3);
        await network.UntilAsync(() => network.Cluster.Nodes.Values.All(n =>
            n.Status.Alarms.Count(a => a.StartsWith("ordering position", StringComparison.Ordinal)) == 4));
        await network.AlarmAsync("/leased was deleted");
        await network.PlayAsync(2);
        await network.AgreeAsync();
    }

    [Fact]
    public async Task Rewritten_SameValueAgain_AppliedOnceAndCounted()
    {
        await using var network = await StartAsync();
        var batches = await network.ReadBatchesAsync(3);
        var before = network.Cluster.Nodes.ToDictionary(n => n.Key, n => n.Value.Status.IgnoredPuts);
        // By its proposer's own user, by an administrator under another's key, twice.
        etcd.Put(FixedNetwork.Hospital, network.KeyOf(FixedNetwork.Hospital), batches[^1]);
        etcd.Put("root", network.KeyOf(FixedNetwork.PharmacyA), batches[^1]);
        etcd.Put("root", network.Prefix + "copy", batches[^2]);
        await network.UntilAsync(() => network.Cluster.Nodes.All(n => n.Value.Status.IgnoredPuts >= before[n.Key] + 3));
        await network.PlayAsync(2);
        await network.AgreeAsync();
    }

    [Fact]
    public async Task Replayed_OldBatchAndOtherEpoch_AreAlarms()
    {
        await using var network = await StartAsync();
        var old = (await network.ReadBatchesAsync(1))[0];
        await network.PlayAsync((int)FixedNetwork.Policy().BaseWindowHeights + 2);
        etcd.Put("root", network.KeyOf(FixedNetwork.Regulator), old);
        await network.AlarmAsync("is not one of the last blocks of this log");

        etcd.Put(FixedNetwork.Hospital, network.KeyOf(FixedNetwork.Hospital), OfOtherEpoch(old));
        await network.AlarmAsync("made for epoch 1, not 0");
        await network.PlayAsync(2);
        await network.AgreeAsync();
    }

    [Fact]
    public async Task Deleted_EverythingUnderReaders_IsAnAlarmAndNothingElse()
    {
        await using var network = await StartAsync();
        var playing = network.PlayAsync(10);
        for (int i = 0; i < 5; i++)
            etcd.As("root", "del", network.Prefix, "--prefix");
        await playing;
        etcd.As("root", "del", network.Prefix, "--prefix");
        await network.AlarmAsync("was deleted at revision");
        await network.PlayAsync(2);
        await network.AgreeAsync();

        // A node that comes back reads the deleted versions all the same.
        await network.Cluster.StopAsync();
        Directory.Delete(network.Cluster.DirectoryOf(FixedNetwork.PharmacyA), recursive: true);
        network.Cluster.Start();
        await network.AgreeAsync();
    }

    [Fact]
    public async Task Transaction_WithSeveralPuts_FirstCountsForAll()
    {
        await using var network = await StartAsync();
        etcd.Transaction("root", $"\nput {network.Prefix}a one\nput {network.Prefix}b two\nput {network.KeyOf(FixedNetwork.Hospital)} three\n\n\n");
        await network.AlarmAsync("was put as one of several at revision");
        await network.PlayAsync(2);
        await network.AgreeAsync();
    }

    [Fact]
    public async Task Compaction_ByAMember_RunningNodesGoOn()
    {
        await using var network = await StartAsync();
        string revision = etcd.As("root", "get", network.Prefix, "--prefix", "--limit=1", "-w", "fields")
            .Split('\n').Single(line => line.StartsWith("\"Revision\"", StringComparison.Ordinal)).Split(' ')[2];
        // etcd 3.4 lets every user compact.
        etcd.As(FixedNetwork.PharmacyB, "compaction", revision);
        await network.PlayAsync(5);
        await network.AgreeAsync();
        await Assert.ThrowsAsync<Ports.OrderingTrimmedException>(() => network.ReadBatchesAsync(1));
    }

    private async Task<EtcdNetwork> StartAsync()
    {
        var network = new EtcdNetwork(etcd);
        network.Cluster.Start();
        await network.PlayAsync(3);
        return network;
    }

    // The hospital's own key signs it: it is what a member has left over from before a recovery.
    private static byte[] OfOtherEpoch(ReadOnlyMemory<byte> bytes)
    {
        Assert.True(Batch.TryParse(bytes, out var batch, out string error), error);
        var header = batch.Header with { Epoch = 1, Proposer = FixedNetwork.Hospital };
        byte[] unsigned = header.UnsignedBytes();
        byte[] signed = [.. unsigned, .. FixedNetwork.Key(FixedNetwork.Hospital, "node").Sign(BatchHeader.SignedBytes(unsigned))];
        return Batch.Encode(signed, [.. batch.Events.Select(e => e.Bytes)]);
    }
}
