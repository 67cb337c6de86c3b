using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Ledger.Leaves;
using RxChain.Node.Configuration;
using RxChain.Node.Tls;
using RxChain.Ordering.Etcd;

namespace RxChain.Node.Hosting;

/// <summary>
/// The ordering on etcd for one node: opens it for the epoch of the node's log, and lets it forget what is final and old.
/// </summary>
internal sealed class EtcdOrder(NodeConfig config) : IAsyncDisposable
{
    /// <summary>Blocks below the last final one that etcd keeps, so that nodes which lag behind need not copy: at most 512 MB of batches.</summary>
    public const int KeptBlocks = 8192;

    private static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private EtcdOrdering? _ordering;
    private Task _running = Task.CompletedTask;

    /// <summary>Opens the order that follows the last block of a log.</summary>
    /// <exception cref="InvalidDataException">A certificate cannot be used; the message says which and why.</exception>
    public IOrdering Open(SealLeaf? last)
    {
        var ordering = config.Ordering;
        return _ordering = new EtcdOrdering(new EtcdOptions
        {
            Endpoints = [.. ordering.Endpoints.Select(endpoint => new Uri(endpoint))],
            Prefix = $"/rxchain/{config.Network}/{last?.Epoch ?? 0}/",
            Member = config.Member,
            Certificate = ordering.Certificate is null ? null : CertificateFile.ReadKeyed(config.PathOf(ordering.Certificate), config.PathOf(ordering.Key!)).Certificate,
            Authorities = ordering.Authorities is null ? null : CertificateFile.ReadAuthorities(config.PathOf(ordering.Authorities)),
        });
    }

    /// <summary>Begins to look after etcd, for as long as the node runs.</summary>
    public void Watch(LedgerNode node) => _running = Task.Run(() => RunAsync(node));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_ordering is not null)
            await _ordering.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync(LedgerNode node)
    {
        using var timer = new PeriodicTimer(TrimInterval);
        while (await timer.WaitForNextTickAsync(_stopping.Token))
        {
            if (node.FinalPosition(KeptBlocks) is > 0 and var position)
                await TrimAsync(position);
        }
    }

    private async Task TrimAsync(ulong position)
    {
        try
        {
            await _ordering!.TrimAsync(position, _stopping.Token);
        }
        catch (OrderingUnavailableException)
        {
            // The next time tries again, and the problems say what is wrong.
        }
    }
}
