using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Crash;

/// <summary>What a real node does about a data directory that is not as it left it.</summary>
[Collection(DamageSuite.Name)]
public sealed class DamageTests
{
    [Fact]
    public async Task FlippedByte_InClosedHistory_StopsTheStartAndNamesFileAndLeaf()
    {
        using var ledger = await LedgerOnDisk.CreateAsync();
        int middle = ledger.Envelopes.Count / 2;
        byte[] segment = File.ReadAllBytes(ledger.Network.Segment);
        int at = segment.AsSpan().IndexOf(ledger.Envelopes[middle].Bytes);
        Assert.True(at > 0);
        segment[at + 100] ^= 1;
        File.WriteAllBytes(ledger.Network.Segment, segment);

        RunningNode.RunToEnd(ledger.Network.Data).ExpectRefusal(
            ledger.Network.Segment, $"leaf {ledger.Acknowledged[middle].LeafIndex}", "This node cosigned size", "from a backup");

        segment[at + 100] ^= 1;
        File.WriteAllBytes(ledger.Network.Segment, segment);
        await ledger.CheckGoesOnAsync();
    }

    [Fact]
    public async Task TornTail_IsCutAndReported_AndNothingAcknowledgedIsLost()
    {
        using var ledger = await LedgerOnDisk.CreateAsync();
        byte[] segment = File.ReadAllBytes(ledger.Network.Segment);
        // The checksum that ends the last block may end in zeros: leave it alone, as a torn write leaves what was durable.
        int tail = Array.FindLastIndex(segment, b => b != 0) + 64;
        segment.AsSpan(tail, 500).Fill(0x5A);
        File.WriteAllBytes(ledger.Network.Segment, segment);

        var said = await ledger.CheckGoesOnAsync();

        Assert.Contains($"notice: {ledger.Network.Segment}: cut a torn tail", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DroppedTail_BelowWhatWasCosigned_StopsTheStart()
    {
        using var ledger = await LedgerOnDisk.CreateAsync();
        byte[] segment = File.ReadAllBytes(ledger.Network.Segment);
        int at = segment.AsSpan().IndexOf(ledger.Envelopes[^1].Bytes);
        segment.AsSpan(at - 64).Clear();
        File.WriteAllBytes(ledger.Network.Segment, segment);

        RunningNode.RunToEnd(ledger.Network.Data).ExpectRefusal(ledger.Network.Segment, "This node cosigned size");
    }

    [Fact]
    public async Task SecondProcess_OnTheSameDirectory_IsRefusedAndNamesTheFirst()
    {
        using var network = new SoloNetwork();
        using var first = await network.StartAsync();

        RunningNode.RunToEnd(network.Data).ExpectRefusal($"{network.Data} is open in another process, pid {first.Id}.");
        Programs.RunNode("backup", "--data", network.Data, "--out", network["backup"]).Expect(0);
        Programs.RunNode("restore", "--data", network.Data, "--from", network["backup"]).ExpectRefusal("exists already and is not overwritten");

        using var client = new NodeClient(first.GrpcAddress);
        Assert.Equal(2, (await client.StatusAsync()).Size);
        (await first.StopAsync()).Expect(0);
        using var next = await network.StartAsync();
    }

    [Theory]
    [InlineData("state.db")]
    [InlineData("lookup.db")]
    public async Task DamagedCache_IsRebuilt(string name)
    {
        using var ledger = await LedgerOnDisk.CreateAsync();
        string path = Path.Combine(ledger.Network.Data, name);
        File.WriteAllText(path, new string('x', 8192));

        var said = await ledger.CheckGoesOnAsync();

        Assert.Equal(name == "state.db", said.Output.Contains($"notice: {path} is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DamagedRequestIds_StopTheStart()
    {
        using var ledger = await LedgerOnDisk.CreateAsync(1);
        string path = Path.Combine(ledger.Network.Data, "requests.db");
        File.WriteAllText(path, new string('x', 8192));

        RunningNode.RunToEnd(ledger.Network.Data).ExpectRefusal(path);
    }

    [Fact]
    public async Task PortTaken_IsRefused()
    {
        using var network = new SoloNetwork();
        using var other = new SoloNetwork();
        using var first = await network.StartAsync();

        var refused = Programs.Run(Programs.Node, ["run", "--data", other.Data], new Dictionary<string, string>
        {
            ["RXNODE_LISTEN"] = first.GrpcAddress.Authority,
            ["RXNODE_TILES"] = "127.0.0.1:0",
        });

        refused.ExpectRefusal(first.GrpcAddress.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "in use");
    }
}
