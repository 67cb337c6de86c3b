using Google.Protobuf;
using Grpc.Net.Client;
using RxChain.Engine.Ports;
using RxChain.Ordering.Etcd;
using RxChain.Ordering.Etcd.Wire;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>One etcd for the tests of the port; each test has a prefix of its own.</summary>
public sealed class SoloEtcd : IDisposable
{
    internal EtcdProcess Process { get; } = EtcdProcess.Single().Start();

    public void Dispose() => Process.Dispose();
}

public class EtcdOrderingContractTests(SoloEtcd etcd) : OrderingContract, IClassFixture<SoloEtcd>
{
    protected override IOrdering Create() => new EtcdOrdering(EtcdOrderingTests.Options(EtcdOrderingTests.NewPrefix(), etcd.Process.ClientAddress));
}

/// <summary>What a real etcd can do to the order, by fault or by malice.</summary>
public sealed class EtcdOrderingTests
{
    private static int _prefixes;

    private static CancellationToken TimeOut => new CancellationTokenSource(TimeSpan.FromSeconds(40)).Token;

    [Fact]
    public async Task Rogue_GarbageAndSquattedKeys_PositionsGrowAndNothingIsLost()
    {
        using var etcd = EtcdProcess.Single().Start();
        string prefix = NewPrefix();
        await using var order = new EtcdOrdering(Options(prefix, etcd.ClientAddress));
        using var channel = GrpcChannel.ForAddress(etcd.ClientAddress);
        var rogue = new KV.KVClient(channel);
        await order.SubmitAsync(new byte[] { 1 }, TimeOut);
        // Another member's key, a key that nobody has, an empty value, a value that no batch can have.
        await rogue.PutAsync(new PutRequest { Key = Key(prefix + "member"), Value = ByteString.CopyFromUtf8("squatted") });
        await rogue.PutAsync(new PutRequest { Key = Key(prefix + "x/y"), Value = ByteString.Empty });
        await rogue.PutAsync(new PutRequest { Key = Key(prefix + "z"), Value = ByteString.CopyFrom(new byte[1_000_000]) });
        await rogue.PutAsync(new PutRequest { Key = Key("/elsewhere/member"), Value = ByteString.CopyFromUtf8("other network") });
        await order.SubmitAsync(new byte[] { 2 }, TimeOut);
        var puts = await TakeAsync(order, 0, 5);
        Assert.Equal([1, 8, 0, 1_000_000, 1], puts.Select(p => p.Bytes.Length));
        Assert.All(puts.Zip(puts.Skip(1)), pair => Assert.True(pair.First.Position < pair.Second.Position));
    }

    [Fact]
    public async Task Compacted_BeyondTheReader_IsLost()
    {
        using var etcd = EtcdProcess.Single().Start();
        await using var order = new EtcdOrdering(Options(NewPrefix(), etcd.ClientAddress));
        for (byte i = 0; i < 6; i++)
            await order.SubmitAsync(new[] { i }, TimeOut);
        var puts = await TakeAsync(order, 0, 6);
        await order.TrimAsync(puts[3].Position, TimeOut);

        await Assert.ThrowsAsync<OrderingTrimmedException>(() => TakeAsync(order, puts[1].Position, 1));
        Assert.Equal([4, 5], (await TakeAsync(order, puts[3].Position, 2)).Select(p => (int)p.Bytes.Span[0]));
        await order.TrimAsync(puts[2].Position, TimeOut);
    }

    [Fact]
    public async Task Restart_OfEtcd_ReadingAndSubmittingGoOn()
    {
        using var etcd = EtcdProcess.Single().Start();
        await using var order = new EtcdOrdering(Options(NewPrefix(), etcd.ClientAddress));
        var reading = TakeAsync(order, 0, 2);
        await order.SubmitAsync(new byte[] { 1 }, TimeOut);
        etcd.Kill();
        var submitting = order.SubmitAsync(new byte[] { 2 }, TimeOut);
        await Task.Delay(300);
        etcd.Start();
        await submitting;
        Assert.Equal([1, 2], (await reading).Select(p => (int)p.Bytes.Span[0]));
    }

    [Fact]
    public async Task OldCopy_OfEtcdsStore_IsLost()
    {
        using var etcd = EtcdProcess.Single().Start();
        await using var order = new EtcdOrdering(Options(NewPrefix(), etcd.ClientAddress));
        await order.SubmitAsync(new byte[] { 1 }, TimeOut);
        etcd.Kill();
        string backup = Directory.CreateTempSubdirectory("rxchain-etcd-old-").FullName;
        Copy(etcd.DataDirectory, backup);
        etcd.Start();
        for (byte i = 2; i < 9; i++)
            await order.SubmitAsync(new[] { i }, TimeOut);
        var puts = await TakeAsync(order, 0, 8);
        etcd.Kill();
        Directory.Delete(etcd.DataDirectory, recursive: true);
        Copy(backup, etcd.DataDirectory);
        Directory.Delete(backup, recursive: true);
        etcd.Start();

        await Assert.ThrowsAsync<OrderingLostException>(() => TakeAsync(order, puts[^1].Position, 1));
        await Assert.ThrowsAsync<OrderingLostException>(() => TakeAsync(order, puts[2].Position, 1));
    }

    [Fact]
    public async Task Leader_Killed_OthersGoOnAndAllReadTheSame()
    {
        var etcds = EtcdProcess.Cluster(3);
        try
        {
            foreach (var etcd in etcds)
                etcd.Start();
            string prefix = NewPrefix();
            await using var first = new EtcdOrdering(Options(prefix, [.. etcds.Select(e => e.ClientAddress)]));
            await using var second = new EtcdOrdering(Options(prefix, [.. etcds.Reverse().Select(e => e.ClientAddress)]) with { Member = "second" });
            await first.SubmitAsync(new byte[] { 0 }, TimeOut);
            var submitting = Task.Run(async () =>
            {
                for (byte i = 1; i < 60; i++)
                    await first.SubmitAsync(new[] { i }, TimeOut);
            });
            await Task.Delay(100);
            etcds[0].Kill();
            await Task.Delay(500);
            etcds[0].Start();
            await submitting;
            // A put whose answer was lost may stand there twice: readers skip what is there already.
            var a = await TakeUntilAsync(first, 59);
            var b = await TakeUntilAsync(second, 59);
            Assert.Equal(a.Select(Text), b.Select(Text));
            Assert.Equal(Enumerable.Range(0, 60), a.Select(p => (int)p.Bytes.Span[0]).Distinct());
        }
        finally
        {
            foreach (var etcd in etcds)
                etcd.Dispose();
        }
    }

    [Fact]
    public async Task Submit_WithoutAnyMember_IsUnavailableInTime()
    {
        await using var order = new EtcdOrdering(Options(NewPrefix(), new Uri("http://127.0.0.1:1")) with { PutTimeout = TimeSpan.FromSeconds(1) });
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => order.SubmitAsync(new byte[1], TimeOut));
        var health = Assert.Single(await order.ReadHealthAsync(TimeOut));
        Assert.NotNull(health.Problem);
    }

    [Fact]
    public async Task Quota_UsedUp_IsUnavailableAndAProblem_UntilCompactedAndDisarmed()
    {
        using var etcd = EtcdProcess.Single("--quota-backend-bytes=1000000").Start();
        await using var order = new EtcdOrdering(
            Options(NewPrefix(), etcd.ClientAddress) with { QuotaBytes = 1_000_000, HealthInterval = TimeSpan.FromMilliseconds(100) });
        var batch = new byte[64 << 10];
        int taken = 0;
        var refused = await Assert.ThrowsAsync<OrderingUnavailableException>(async () =>
        {
            for (; taken < 100; taken++)
                await order.SubmitAsync(batch, TimeOut);
        });
        Assert.Contains("quota", refused.Message, StringComparison.Ordinal);
        var puts = await TakeAsync(order, 0, taken);
        while (!(order.Problems.Any(p => p.Contains("Nospace", StringComparison.Ordinal)) && order.Problems.Any(p => p.Contains("MiB", StringComparison.Ordinal))))
            await Task.Delay(10, TimeOut);

        foreach (string step in new[] { $"compaction --physical {puts[^1].Position}", "defrag", "alarm disarm" })
            Tool.Run("etcdctl", [.. step.Split(' '), $"--endpoints={etcd.ClientAddress.AbsoluteUri.TrimEnd('/')}"]);
        await order.SubmitAsync(batch, TimeOut);
        while (order.Problems.Any(p => p.Contains("Nospace", StringComparison.Ordinal)))
            await Task.Delay(10, TimeOut);
    }

    [Theory]
    [InlineData("http://10.0.0.1:2379", "/p/", "m", "https")]
    [InlineData("https://10.0.0.1:2379", "/p/", "m", "certificate")]
    [InlineData("http://127.0.0.1:2379", "/p", "m", "slash")]
    [InlineData("http://127.0.0.1:2379", "/p/", "", "member")]
    public void Options_ThatCannotBeUsed_AreRefused(string endpoint, string prefix, string member, string says)
    {
        var options = new EtcdOptions { Endpoints = [new Uri(endpoint)], Prefix = prefix, Member = member };
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => new EtcdOrdering(options)).Message, StringComparison.Ordinal);
    }

    internal static string NewPrefix() => $"/rxchain/test-{Interlocked.Increment(ref _prefixes)}/";

    internal static EtcdOptions Options(string prefix, params Uri[] endpoints) =>
        new() { Endpoints = endpoints, Prefix = prefix, Member = "member" };

    private static ByteString Key(string key) => ByteString.CopyFromUtf8(key);

    private static string Text(OrderedPut put) => $"{put.Position}: {Convert.ToHexString(put.Bytes.Span)}";

    private static Task<List<OrderedPut>> TakeAsync(IOrdering order, ulong after, int count) =>
        TakeWhileAsync(order, after, puts => puts.Count < count);

    private static Task<List<OrderedPut>> TakeUntilAsync(IOrdering order, byte last) =>
        TakeWhileAsync(order, 0, puts => puts[^1].Bytes.Span[0] != last);

    private static async Task<List<OrderedPut>> TakeWhileAsync(IOrdering order, ulong after, Predicate<List<OrderedPut>> more)
    {
        var puts = new List<OrderedPut>();
        await foreach (var put in order.ReadAsync(after, TimeOut))
        {
            puts.Add(put);
            if (!more(puts))
                break;
        }
        return puts;
    }

    private static void Copy(string from, string to)
    {
        foreach (string directory in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(directory.Replace(from, to, StringComparison.Ordinal));
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = file.Replace(from, to, StringComparison.Ordinal);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
