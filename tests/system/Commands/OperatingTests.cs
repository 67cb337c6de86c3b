using System.Text.Json;
using Grpc.Core;
using RxChain.Client;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Protocol.V1;
using RxChain.Storage;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Commands;

/// <summary>Commands that run a node, look at it, and keep it safe.</summary>
[Collection(CommandSuite.Name)]
public sealed class OperatingTests
{
    [Fact]
    public async Task Status_OfARunningNode_IsJson()
    {
        using var network = new SoloNetwork();
        using var node = await network.StartAsync();

        var status = JsonDocument.Parse(Programs.RunNode("status", "--address", node.GrpcAddress.ToString()).Expect(0).Output).RootElement;

        Assert.Equal(SoloNetwork.Member, status.GetProperty("member").GetString());
        Assert.Equal(network.Origin, status.GetProperty("network").GetString());
        Assert.Equal("2", status.GetProperty("size").GetString());
    }

    [Theory]
    [InlineData("somewhere", "--address")]
    [InlineData("ftp://127.0.0.1", "--address")]
    [InlineData("http://127.0.0.1:9", "did not answer")]
    public void Status_WithoutANode_SaysSo(string address, string word) =>
        Programs.RunNode("status", "--address", address).ExpectRefusal(word);

    [Fact]
    public async Task Evidence_OfANodeWhoseProofDoesNotHold_IsRefused()
    {
        using var network = new SoloNetwork();
        using (var kept = SqliteSignatures.Open(Path.Combine(network.Data, "signatures.db")))
            kept.Add(new Lies().SameSize());
        using var node = await network.StartAsync();

        Programs.RunNode("evidence", "--out", network["evidence"], "--address", node.GrpcAddress.ToString()).ExpectRefusal("does not hold", network.Origin);

        Assert.Empty(Directory.GetFiles(network["evidence"]));
    }

    [Fact]
    public async Task Run_ToldToStopWhileStreamsAreOpen_EndsInOrder()
    {
        using var network = new SoloNetwork();
        using var node = await network.StartAsync();
        using var client = new NodeClient(node.GrpcAddress);
        using var watch = client.Prescriptions.WatchEvents(new WatchEventsRequest());
        using var bulk = client.OpenBulk();
        using var clerk = new Clerk(network);
        await bulk.SubmitAsync(Commitment.Final, clerk.Registrations());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        using var health = client.Health.Watch(new());
        Assert.True(await health.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(global::Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving, health.ResponseStream.Current.Status);

        var stopped = (await node.StopAsync()).Expect(0);

        Assert.EndsWith("stopping\n", stopped.Output, StringComparison.Ordinal);
        Assert.Equal("", stopped.Error);
        Assert.True(await health.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(global::Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.NotServing, health.ResponseStream.Current.Status);
        using var again = await network.StartAsync();
        Assert.DoesNotContain("notice", (await again.StopAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_IgnoresSettingsThatAreNotItsOwn()
    {
        using var network = new SoloNetwork();
        var environment = new Dictionary<string, string> { ["Kestrel__Endpoints__Open__Url"] = "http://0.0.0.0:0", ["ASPNETCORE_URLS"] = "http://0.0.0.0:0" };
        using var node = await RunningNode.StartAsync(network.Data, environment);
        Assert.All([node.GrpcAddress, node.TileAddress], address => Assert.Equal("127.0.0.1", address.Host));
        (await node.StopAsync()).Expect(0);
    }

    [Fact]
    public async Task BackupOfARunningNode_RestoredElsewhere_RunsAndAudits()
    {
        using var ledger = await LedgerOnDisk.CreateAsync();
        string backup = ledger.Network["backup"], restored = ledger.Network["restored"];
        var bound = ledger.NewCourse().Issue();
        using (var node = await ledger.Network.StartAsync())
        {
            using var client = new NodeClient(node.GrpcAddress);
            ledger.Acknowledged.Add(await client.SubmitAsync(bound, requestId: "order-1"));
            long size = (await client.StatusAsync()).Size;
            Assert.StartsWith($"{size} leaves", Programs.RunNode("backup", "--data", ledger.Network.Data, "--out", backup).Expect(0).Output, StringComparison.Ordinal);
            await ledger.AddPrescriptionAsync(client);
            (await node.StopAsync()).Expect(0);
        }
        Assert.DoesNotContain(Directory.GetFiles(backup, "*", SearchOption.AllDirectories), file => file.EndsWith(".key", StringComparison.Ordinal) || file.EndsWith("cosigned", StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(backup, "keys")));
        Programs.RunNode("restore", "--data", restored, "--from", backup).Expect(0);
        // Keys are not in a backup: without them the node does not start.
        RunningNode.RunToEnd(restored).ExpectRefusal(Path.Combine(restored, "keys", "organisation.key"));
        foreach (string key in Directory.GetFiles(ledger.Network["member", "keys"]))
            File.Copy(key, Path.Combine(restored, "keys", Path.GetFileName(key)));
        await CheckRestoredAsync(ledger, restored, bound);
    }

    [Fact]
    public async Task Backup_Misused_IsRefused()
    {
        using var ledger = await LedgerOnDisk.CreateAsync(1);
        string backup = ledger.Network["backup"];
        Programs.RunNode("backup", "--data", ledger.Network["none"], "--out", backup).ExpectRefusal(ledger.Network["none", "rxnode.json"], "rxnode init");
        Programs.RunNode("backup", "--data", ledger.Network.Data, "--out", backup).Expect(0);
        Programs.RunNode("backup", "--data", ledger.Network.Data, "--out", backup).ExpectRefusal($"{backup} is not empty");
        Programs.RunNode("restore", "--data", ledger.Network.Data, "--from", backup).ExpectRefusal("exists already and is not overwritten. Restore into a new data directory.");
        Assert.Empty(Directory.GetFiles(ledger.Network.Data, "*.new"));
        ledger.Network.Audit().Expect(0);
        Programs.RunNode("restore", "--data", ledger.Network["new"], "--from", ledger.Network["none"]).ExpectRefusal("not completed");
        byte[] copy = File.ReadAllBytes(Path.Combine(backup, "log", "00000000.seg"));
        copy[copy.AsSpan().IndexOf(ledger.Envelopes[^1].Bytes) + 50] ^= 1;
        File.WriteAllBytes(Path.Combine(backup, "log", "00000000.seg"), copy);
        Programs.RunNode("restore", "--data", ledger.Network["other"], "--from", backup).ExpectRefusal("00000000.seg", $"leaf {ledger.Acknowledged[^1].LeafIndex}");
    }

    [Fact]
    public async Task BackupUnderLoad_Restored_AuditsAndServesWithoutACosignerKey()
    {
        using var network = new SoloNetwork();
        string backup = network["backup"], restored = network["restored"];
        // The genesis may be anywhere; a backup has its own.
        File.Move(network.Genesis, network["elsewhere.rx"]);
        string config = network["member", "rxnode.json"];
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"genesis.rx\"", "\"../elsewhere.rx\"", StringComparison.Ordinal));
        long before, leaves;
        using (var node = await network.StartAsync())
        {
            using var client = new NodeClient(node.GrpcAddress);
            using var clerk = new Clerk(network);
            foreach (var registration in clerk.Registrations())
                await client.SubmitAsync(registration);
            var load = new Crash.Load(client, clerk).RunAsync();
            while ((before = (long)(await client.StatusAsync()).FinalSize) < 1_000 && !load.IsCompleted)
                await Task.Delay(10);
            leaves = Leaves(Programs.RunNode("backup", "--data", network.Data, "--out", backup).Expect(0));
            // The load went on all the while: there is more than the backup has.
            await client.CheckpointOverAsync(leaves).WaitAsync(TimeSpan.FromSeconds(30));
            (await node.StopAsync()).Expect(0);
            await load.WaitAsync(TimeSpan.FromSeconds(30));
        }
        Assert.InRange(leaves, before, long.MaxValue);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(backup));
        network.Audit(backup).Expect(0);

        var said = Programs.RunNode("restore", "--data", restored, "--from", backup).Expect(0);

        Assert.Equal(leaves, Leaves(said));
        Assert.All(["organisation.key, node.key and log.key", "cosigner.key", "by vote"], word => Assert.Contains(word, said.Output, StringComparison.Ordinal));
        network.Audit(restored).Expect(0);
        foreach (string name in new[] { "organisation.key", "node.key", "log.key" })
            File.Copy(network["member", "keys", name], Path.Combine(restored, "keys", name));
        await CheckServesOnlyAsync(network, restored);
        network.Audit(restored).Expect(0);
    }

    // No cosigner key: what is there is served, nothing new is taken, and the operator is told.
    private static async Task CheckServesOnlyAsync(SoloNetwork network, string restored)
    {
        using var node = await RunningNode.StartAsync(restored);
        using var client = new NodeClient(node.GrpcAddress);
        using var clerk = new Clerk(network);
        var log = new Crash.KnownLog(network.Policy);
        await log.ReadOnAsync(client);
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.SubmitAsync(clerk.Registrations()[0]));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        var stopped = (await node.StopAsync()).Expect(0);
        Assert.Contains($"notice: {Path.Combine(restored, "keys", "cosigner.key")} does not exist", stopped.Output, StringComparison.Ordinal);
    }

    private static long Leaves(Finished said) => long.Parse(said.Output.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task CheckRestoredAsync(LedgerOnDisk ledger, string restored, Envelope bound)
    {
        using (var node = await RunningNode.StartAsync(restored))
        {
            using var client = new NodeClient(node.GrpcAddress);
            var log = new Crash.KnownLog(ledger.Network.Policy);
            await log.ReadOnAsync(client);
            log.CheckAcknowledged(ledger.Acknowledged.Where(a => a.LeafIndex < log.Size));
            Assert.Contains(ledger.Acknowledged, a => a.EventId == bound.EventId && a.LeafIndex < log.Size);
            // The request id was backed up too: what it stands for is not forgotten.
            Assert.True((await client.SubmitAsync(bound, requestId: "order-1")).Duplicate);
            var used = await Assert.ThrowsAsync<RpcException>(() => client.SubmitAsync(ledger.NewCourse().Issue(), requestId: "order-1"));
            Assert.Equal("REQUEST_ID_USED", LedgerError.From(used)?.Reason);
            await client.SubmitAsync(ledger.NewCourse().Issue());
            (await node.StopAsync()).Expect(0);
        }
        ledger.Network.Audit(restored).Expect(0);
    }
}
