using RxChain.Engine.Node;
using RxChain.Engine.Tests.Node;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ordering.Etcd;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>Four validators that order on one etcd, and the events that they were given.</summary>
internal sealed class EtcdNetwork : IAsyncDisposable
{
    private readonly SecureEtcd _etcd;
    private readonly Story _story = new();
    private readonly CancellationToken _soon = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;
    private readonly List<ReadOnlyMemory<byte>> _submitted = [];

    public EtcdNetwork(SecureEtcd etcd)
    {
        _etcd = etcd;
        Prefix = etcd.NewNetwork();
        Cluster = new Cluster(member => new EtcdOrdering(etcd.Options(Prefix, member)));
    }

    public string Prefix { get; }

    public Cluster Cluster { get; }

    public IEnumerable<string> Alarms => Cluster.Nodes.Values.SelectMany(n => n.Status.Alarms.Concat(n.Status.OrderingProblems));

    public string KeyOf(string member) => Prefix + member;

    /// <summary>Submits so many prescriptions by the hospital; each is final on its node.</summary>
    public async Task PlayAsync(int prescriptions)
    {
        if (_submitted.Count == 0)
            await SubmitAsync(FixedNetwork.Regulator, _story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital).Bytes);
        for (int i = 0; i < prescriptions; i++)
            await SubmitAsync(FixedNetwork.Hospital, _story.Issue($"rx-{_submitted.Count}").Bytes);
    }

    /// <summary>Waits until all nodes, or those named, have one final head, with each submitted event once and nothing else.</summary>
    public async Task AgreeAsync(params string[] members)
    {
        LedgerNode[] nodes = [.. members.DefaultIfEmpty().SelectMany(m => m is null ? Cluster.Nodes.Values : (IEnumerable<LedgerNode>)[Cluster.Nodes[m]])];
        while (nodes.Select(n => (n.Status.Size, n.Status.Root, n.FinalCheckpoint?.Checkpoint.Root == n.Status.Root)).Distinct().ToArray() is not [(_, _, true)])
        {
            Assert.False(_soon.IsCancellationRequested, string.Join('\n', nodes.Select(n => $"{n.Status}: {string.Join("; ", n.Status.Alarms)} {n.Completion.Exception}")));
            await TimePassesAsync();
        }
        Assert.All(nodes, n => Assert.Equal(_submitted.Select(Text), EventsOf(n)));
    }

    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            _soon.ThrowIfCancellationRequested();
            await TimePassesAsync();
        }
    }

    public Task AlarmAsync(string part) => UntilAsync(() => Alarms.Any(a => a.Contains(part, StringComparison.Ordinal)));

    /// <summary>The first batches with events, by a reader of its own.</summary>
    public async Task<List<ReadOnlyMemory<byte>>> ReadBatchesAsync(int count)
    {
        await using var order = new EtcdOrdering(_etcd.Options(Prefix, FixedNetwork.PharmacyB));
        return await order.ReadAsync(0, _soon).Select(p => p.Bytes)
            .Where(b => Batch.TryParse(b, out var batch, out _) && batch.Events.Count > 0)
            .Take(count).ToListAsync(_soon);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    public static IEnumerable<string> EventsOf(LedgerNode node) =>
        Enumerable.Range(0, (int)node.Status.Size)
            .Select(i => EventLeaf.TryParse(node.ReadLeaf(i), out var leaf) ? Text(leaf.Envelope) : null)
            .OfType<string>();

    private async Task SubmitAsync(string through, ReadOnlyMemory<byte> envelope)
    {
        var submitting = Cluster.Nodes[through].SubmitAsync(envelope, Commitment.Final, _soon);
        while (!submitting.IsCompleted)
            await TimePassesAsync();
        Assert.Equal(Outcome.Accepted, (await submitting).Outcome);
        _submitted.Add(envelope);
    }

    // The cluster's clock as that of the world: without it the turn of a validator that is away would not end for long.
    private Task TimePassesAsync()
    {
        Cluster.Clock.NowMs += 10;
        return Task.Delay(10, CancellationToken.None);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);
}
