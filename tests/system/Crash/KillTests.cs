using System.Diagnostics;
using System.Globalization;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace RxChain.SystemTests.Crash;

/// <summary>Crash tests run alone: they need the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KillSuite(IMessageSink output) : Suite(output, "Kill tests", 150), ICollectionFixture<KillSuite>
{
    public const string Name = "Kill";

    private readonly IMessageSink _output = output;

    internal void Print(string line) => _output.OnMessage(new DiagnosticMessage(line));
}

/// <summary>
/// A real node under load is killed by SIGKILL again and again, at any moment, and started again on the same directory.
/// RXCHAIN_KILLS: how often (default 50). RXCHAIN_KILL_SEED: the moments.
/// </summary>
[Collection(KillSuite.Name)]
public sealed class KillTests(KillSuite suite)
{
    [Fact]
    public async Task Kill_UnderLoadAgainAndAgain_LosesNothingAcknowledged()
    {
        int kills = Setting("RXCHAIN_KILLS", 50), seed = Setting("RXCHAIN_KILL_SEED", Random.Shared.Next());
        using var network = new SoloNetwork();
        using var clerk = new Clerk(network);
        suite.Print($"Kill tests: RXCHAIN_KILLS={kills} RXCHAIN_KILL_SEED={seed}");
        var run = new KillRun(network, clerk, new Random(seed));
        await run.BeginAsync();
        var clock = Stopwatch.StartNew();
        for (int round = 0; round < kills; round++)
            await run.RoundAsync(round);
        suite.Print($"Kill tests: {run.Summary}, {clock.Elapsed.TotalSeconds / kills:0.00} s a kill");
        await run.EndAsync();
        await AssertRebuildsAsync(network);
    }

    // What is derived from the log can be deleted: a start makes it again, equal.
    private static async Task AssertRebuildsAsync(SoloNetwork network)
    {
        network.Audit().Expect(0);
        var before = await ReadAsync(network);
        foreach (string file in Directory.GetFiles(network.Data, "*.db*").Where(f => !Path.GetFileName(f).StartsWith("requests", StringComparison.Ordinal)))
            File.Delete(file);
        Directory.Delete(network["member", "tiles"], recursive: true);
        var after = await ReadAsync(network);
        before.Status.Alarms.Clear();
        after.Status.Alarms.Clear();
        Assert.Equal(before.Status, after.Status);
        Assert.Equal(before.State, after.State);
        network.Audit().Expect(0);
    }

    /// <summary>Status, and the proven policy: the proof leads to the state root of the last seal.</summary>
    private static async Task<(GetStatusResponse Status, StateProof State)> ReadAsync(SoloNetwork network)
    {
        // A start that has everything to rebuild takes as long as the log is.
        using var node = await network.StartAsync(TimeSpan.FromMinutes(10));
        using var client = new NodeClient(node.GrpcAddress);
        var status = await client.StatusAsync();
        await client.CheckpointOverAsync(status.Size - 1);
        var state = await client.Ledger.GetStateProofAsync(new GetStateProofRequest
        {
            Kind = EntityKind.Organisation,
            Id = Google.Protobuf.ByteString.CopyFromUtf8(SoloNetwork.Member),
        });
        Assert.True(state.Present);
        status = await client.StatusAsync();
        (await node.StopAsync()).Expect(0);
        // The receipt has the time of a new cosignature.
        state.SealReceipt = "";
        return (status, state);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
