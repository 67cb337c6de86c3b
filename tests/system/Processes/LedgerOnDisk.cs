using RxChain.Protocol.V1;

namespace RxChain.SystemTests.Processes;

/// <summary>A network whose one node has run, put some prescriptions on its ledger, and stopped.</summary>
internal sealed class LedgerOnDisk : IDisposable
{
    private readonly Clerk _clerk;

    private LedgerOnDisk(SoloNetwork network)
    {
        Network = network;
        _clerk = new Clerk(network);
    }

    public SoloNetwork Network { get; }

    /// <summary>Everything that was acknowledged, each event in a block of its own.</summary>
    public List<Acknowledged> Acknowledged { get; } = [];

    /// <summary>The envelopes of <see cref="Acknowledged"/>.</summary>
    public List<Envelope> Envelopes { get; } = [];

    /// <summary>Makes one.</summary>
    public static async Task<LedgerOnDisk> CreateAsync(int prescriptions = 3)
    {
        var ledger = new LedgerOnDisk(new SoloNetwork());
        using var node = await ledger.Network.StartAsync();
        using var client = new NodeClient(node.GrpcAddress);
        foreach (var registration in ledger._clerk.Registrations())
            await ledger.SubmitAsync(client, registration);
        for (int i = 0; i < prescriptions; i++)
            await ledger.AddPrescriptionAsync(client);
        (await node.StopAsync()).Expect(0);
        return ledger;
    }

    /// <summary>Puts one more prescription through its course.</summary>
    public async Task AddPrescriptionAsync(NodeClient client)
    {
        var course = new Course(_clerk);
        await SubmitAsync(client, course.Issue());
        await SubmitAsync(client, course.Claim());
        await SubmitAsync(client, course.Dispense());
    }

    /// <summary>A new prescription, for those who submit it themselves.</summary>
    public Course NewCourse() => new(_clerk);

    /// <summary>Each acknowledged event is on a running node's ledger where it was said to be.</summary>
    public async Task CheckAsync(NodeClient client)
    {
        var log = new Crash.KnownLog(Network.Policy);
        await log.ReadOnAsync(client);
        log.CheckAcknowledged(Acknowledged);
    }

    /// <summary>Starts the node, looks for every event, puts one more prescription on the ledger, stops, and audits.</summary>
    public async Task<Finished> CheckGoesOnAsync()
    {
        using var node = await Network.StartAsync();
        using var client = new NodeClient(node.GrpcAddress);
        await CheckAsync(client);
        await AddPrescriptionAsync(client);
        var stopped = (await node.StopAsync()).Expect(0);
        Network.Audit().Expect(0);
        return stopped;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _clerk.Dispose();
        Network.Dispose();
    }

    private async Task SubmitAsync(NodeClient client, Envelope envelope)
    {
        Acknowledged.Add(await client.SubmitAsync(envelope, Commitment.Ordered));
        Envelopes.Add(envelope);
    }
}
