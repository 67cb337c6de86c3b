using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Crash;

/// <summary>Rounds of start, load and kill on one data directory, and what must hold after each.</summary>
internal sealed class KillRun(SoloNetwork network, Clerk clerk, Random random)
{
    private const int MaxLoadMs = 400;
    private const int MaxStartMs = 600;
    private const int KillInStartEvery = 5;

    private readonly KnownLog _log = new(network.Policy);
    private readonly List<Acknowledged> _all = [];
    private Load? _killed;
    private int _kills, _killsInStart, _found, _again, _behind;

    /// <summary>What happened, for people.</summary>
    public string Summary =>
        $"{_kills} kills under load and {_killsInStart} during a start; {_all.Count} events acknowledged, all there once, in {_log.Size} leaves; "
        + $"of the events without an answer {_found} were on the ledger and {_again} were not; "
        + $"the checkpoint of a new start was behind the last one seen {_behind} times until it was cosigned again";

    /// <summary>Registers the practitioners.</summary>
    public async Task BeginAsync()
    {
        using var node = await network.StartAsync();
        using var client = new NodeClient(node.GrpcAddress);
        foreach (var registration in clerk.Registrations())
            _all.Add(await client.SubmitAsync(registration));
        node.Kill();
    }

    /// <summary>Starts, checks what the last kill left, puts load on the node and kills it.</summary>
    public async Task RoundAsync(int round)
    {
        if (round % KillInStartEvery == KillInStartEvery - 1)
            await KillInStartAsync();
        using var node = await network.StartAsync();
        using var client = new NodeClient(node.GrpcAddress);
        await CheckAsync(client);
        _killed = new Load(client, clerk);
        var running = _killed.RunAsync();
        await Task.Delay(random.Next(MaxLoadMs));
        node.Kill();
        await running;
        _kills++;
    }

    /// <summary>The last start: an orderly stop, after which every event ever acknowledged is looked for once more.</summary>
    public async Task EndAsync()
    {
        using var node = await network.StartAsync();
        using var client = new NodeClient(node.GrpcAddress);
        await CheckAsync(client);
        var whole = new KnownLog(network.Policy);
        await whole.ReadOnAsync(client);
        whole.CheckAcknowledged(_all);
        (await node.StopAsync()).Expect(0);
    }

    private async Task KillInStartAsync()
    {
        using var node = RunningNode.Begin(network.Data);
        await Task.Delay(random.Next(MaxStartMs));
        node.Kill();
        _killsInStart++;
    }

    private async Task CheckAsync(NodeClient client)
    {
        await _log.ReadOnAsync(client);
        if (_killed is not { } killed)
            return;
        Assert.True(_log.Size >= killed.FinalSize, $"{killed.FinalSize} leaves were final, but the log has {_log.Size}");
        _log.CheckAcknowledged(killed.Acknowledged);
        _all.AddRange(killed.Acknowledged);
        await CheckFinalAsync(client, killed);
        await SubmitAgainAsync(client, killed.Unanswered);
        _killed = null;
    }

    private async Task CheckFinalAsync(NodeClient client, Load killed)
    {
        if (killed.Final is { } served)
        {
            await _log.CheckFinalAsync(client, served);
            if ((await client.StatusAsync()).FinalSize < served.Checkpoint.Size)
                _behind++;
        }
        await _log.CheckFinalAsync(client, await client.CheckpointOverAsync(_log.Size - 1));
    }

    // Whoever got no answer asks again, and must not act twice.
    private async Task SubmitAgainAsync(NodeClient client, IReadOnlyList<Envelope> unanswered)
    {
        using var stream = client.OpenBulk();
        foreach (var chunk in unanswered.Chunk(32))
        {
            var answers = await stream.SubmitAsync(Commitment.Ordered, chunk);
            foreach (var answer in answers)
                Assert.Equal(_log.Has(answer.EventId), answer.Duplicate);
            _found += answers.Count(a => a.Duplicate);
            _again += answers.Count(a => !a.Duplicate);
            _all.AddRange(answers);
        }
        await _log.ReadOnAsync(client);
        _log.CheckAcknowledged(_all.TakeLast(unanswered.Count));
    }
}
