using Google.Protobuf;
using RxChain.Ledger.Tlog;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Network;

/// <summary>A network with some thousand leaves, and an observer that each test starts from an empty directory.</summary>
public sealed class CopiedNetwork : IAsyncLifetime
{
    public const string Observer = "observer";

    internal NetworkProcesses Network { get; private set; } = null!;

    internal NetworkStory Story { get; private set; } = null!;

    internal long Leaves { get; private set; }

    public async Task InitializeAsync()
    {
        Network = await NetworkProcesses.StartAsync(observer: Observer);
        Story = new NetworkStory(Network);
        await Story.RegisterAsync();
        Leaves = await Story.IssueManyAsync(1_500) + 1;
        await Network.AgreeAsync(Leaves, Network.Members);
    }

    public async Task DisposeAsync()
    {
        Story.Dispose();
        await Network.DisposeAsync();
    }
}

[Collection(NetworkSuite.Name)]
public sealed class CopyTests(CopiedNetwork copied) : IClassFixture<CopiedNetwork>
{
    private const string Liar = "pharmacy-2";
    private readonly NetworkProcesses _network = copied.Network;

    public static TheoryData<string> Lies => [.. AllLies.Keys];

    private static Dictionary<string, Lie> AllLies { get; } = new()
    {
        ["garbage for leaves"] = new() { Run = run => Replace(run, 0, [1, 2, 3]) },
        ["a changed byte"] = new() { Run = run => Replace(run, run.Leaves.Count - 1, Flipped(run.Leaves[^1])) },
        ["a leaf left out"] = new() { Run = run => run.Leaves.RemoveAt(0) },
        ["runs without leaves"] = new() { Run = run => run.Leaves.Clear() },
        ["no proofs"] = new() { Run = run => run.Consistency.Clear() },
        ["hashes that are none"] = new() { Run = run => run.Consistency.Add(ByteString.CopyFrom(1)) },
        ["more leaves than were asked for"] = new() { Run = run => run.Leaves.Add(run.Leaves[0]) },
        ["a forged checkpoint"] = new() { Checkpoint = text => text.Replace("\n" + text.Split('\n')[1] + "\n", "\n999999999\n", StringComparison.Ordinal) },
        ["no checkpoint"] = new() { Checkpoint = _ => "nothing" },
    };

    [Fact]
    public async Task Observer_Empty_CopiesFollowsAndPublishes()
    {
        await StartObserverAsync();
        await FollowsAsync();

        copied.Story.Acknowledged.Clear();
        await copied.Story.PrescribeAsync();
        await FollowsAsync();

        await _network.CheckAcknowledgedAsync(CopiedNetwork.Observer, copied.Story.Acknowledged);
        using var client = _network.Client(CopiedNetwork.Observer);
        Assert.Empty((await client.StatusAsync()).Alarms);
        Programs.RunAuditor("verify", _network[CopiedNetwork.Observer].TileAddress.ToString(), "--policy", _network.PolicyFile).Expect(0);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Observer_OfALiarAndHonestPeers_NamesTheLiarAndCopiesAll(string lie)
    {
        await using var liar = await new LyingPeer(_network.PeerAddress("regulator"), CopiedNetwork.Observer, AllLies[lie]).StartAsync();

        await StartObserverAsync((Liar, liar.Address), ("hospital", null));

        await FollowsAsync();
        var status = await _network.UntilAsync(CopiedNetwork.Observer, s => s.Alarms.Count > 0);
        Assert.All(status.Alarms, alarm => Assert.StartsWith($"peer {Liar}: ", alarm, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Observer_OfAPeerThatIsBehind_CopiesFromTheOther()
    {
        using var hospital = _network.Client("hospital");
        string old = (await hospital.CheckpointAsync()).Note.ToString();
        await copied.Story.PrescribeAsync();
        await using var behind = await new LyingPeer(_network.PeerAddress("regulator"), CopiedNetwork.Observer, new Lie { Checkpoint = _ => old }).StartAsync();

        await StartObserverAsync((Liar, behind.Address), ("hospital", null));

        await FollowsAsync();
        Assert.True(behind.Asked > 0);
    }

    [Fact]
    public async Task Observer_OfAPeerThatSendsForEver_TakesWhatItAskedFor()
    {
        await using var endless = await new LyingPeer(
            _network.PeerAddress("regulator"), CopiedNetwork.Observer, new Lie { Times = int.MaxValue }).StartAsync();

        await StartObserverAsync((Liar, endless.Address));

        await FollowsAsync();
    }

    [Fact]
    public async Task Observer_KilledInTheMiddle_GoesOnWhereItsLogEnds()
    {
        await using var slow = await new LyingPeer(
            _network.PeerAddress("regulator"), CopiedNetwork.Observer, new Lie { Delay = TimeSpan.FromSeconds(1) }).StartAsync();
        await StartObserverAsync((Liar, slow.Address));
        var killed = await _network.UntilAsync(CopiedNetwork.Observer, s => s.CopyTarget > 0 && s.Size > 100);
        _network.Kill(CopiedNetwork.Observer);
        Assert.True(killed.Size < killed.CopyTarget, $"the copy was over: {killed}");

        await _network.StartAsync(CopiedNetwork.Observer);

        using var client = _network.Client(CopiedNetwork.Observer);
        Assert.True((await client.StatusAsync()).Size >= killed.Size);
        await FollowsAsync();
    }

    // Replaces a running observer by one that has nothing but its configuration.
    private async Task StartObserverAsync(params (string Name, Uri? Address)[] peers)
    {
        if (_network.IsRunning(CopiedNetwork.Observer))
            await _network.StopAsync(CopiedNetwork.Observer);
        _network.Wipe(CopiedNetwork.Observer);
        _network.SetPeers(CopiedNetwork.Observer, peers.Length > 0 ? peers : [.. _network.Members.Select(m => (m, (Uri?)null))]);
        await _network.StartAsync(CopiedNetwork.Observer);
    }

    private Task<Checkpoint> FollowsAsync() => _network.AgreeAsync(copied.Leaves, [.. _network.Members, CopiedNetwork.Observer]);

    private static void Replace(CopyLeavesResponse run, int leaf, byte[] bytes) => run.Leaves[leaf] = ByteString.CopyFrom(bytes);

    private static byte[] Flipped(ByteString leaf)
    {
        byte[] bytes = leaf.ToByteArray();
        bytes[^1] ^= 1;
        return bytes;
    }
}
