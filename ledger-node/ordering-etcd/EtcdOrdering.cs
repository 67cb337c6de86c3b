using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger.Batches;
using RxChain.Ordering.Etcd.Wire;

namespace RxChain.Ordering.Etcd;

/// <summary>
/// The order of a network of several machines, on etcd 3.4 or newer. Each member overwrites one key of its own; etcd's
/// revision is the position. Old versions of the keys are the order; compaction is what forgets it. Nothing in etcd is
/// trusted: whose key it was, deletes, leases and versions mean nothing; the readers judge the bytes. Thread-safe.
/// </summary>
public sealed class EtcdOrdering : IOrdering, IAsyncDisposable
{
    private readonly EtcdOptions _options;
    private readonly EtcdConnections _connections;
    private readonly EtcdProblems _problems;
    private readonly EtcdReader _reader;
    private readonly SemaphoreSlim _inFlight;
    private readonly CancellationTokenSource _closing = new();
    private readonly ByteString _key;
    private Task? _watchingHealth;

    /// <summary>Connects when it is first used.</summary>
    /// <exception cref="ArgumentException">The options cannot be used; the message says why.</exception>
    public EtcdOrdering(EtcdOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        _options = options;
        _connections = new EtcdConnections(options);
        _problems = new EtcdProblems(options);
        _reader = new EtcdReader(options, _connections, _problems);
        _inFlight = new SemaphoreSlim(options.PutsInFlight);
        _key = ByteString.CopyFrom(Encoding.UTF8.GetBytes(options.Prefix + options.Member));
    }

    /// <inheritdoc/>
    /// <remarks>Waits while <see cref="EtcdOptions.PutsInFlight"/> puts are under way. Tried again at other members until
    /// <see cref="EtcdOptions.PutTimeout"/>: the batch may then stand in the order more than once, which is harmless.</remarks>
    public async Task SubmitAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        if (batch.Length is 0 or > Batch.MaxSizeBytes)
            throw new ArgumentException($"A batch has 1 to {Batch.MaxSizeBytes} bytes, not {batch.Length}.", nameof(batch));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            if (!await _inFlight.WaitAsync(_options.PutTimeout, either.Token).ConfigureAwait(false))
                throw new OrderingUnavailableException($"etcd is slow: {_options.PutsInFlight} puts were under way for {_options.PutTimeout.TotalSeconds} s.");
            try
            {
                await PutAsync(UnsafeByteOperations.UnsafeWrap(batch), either.Token).ConfigureAwait(false);
            }
            finally
            {
                _inFlight.Release();
            }
        }
        catch (Exception e) when (_closing.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
        {
            throw new OrderingUnavailableException("The ordering is closed.", e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Reconnects to any member for ever. Throws <see cref="OrderingLostException"/> when etcd has no longer, or not
    /// yet, what follows the position: it was compacted away, or another cluster or an old copy answers.</remarks>
    public IAsyncEnumerable<OrderedPut> ReadAsync(ulong afterPosition, CancellationToken cancellationToken)
    {
        _watchingHealth ??= Task.Run(WatchHealthAsync, CancellationToken.None);
        return _reader.ReadAsync((long)afterPosition, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Known while somebody reads: members that are down, without a leader or with an alarm, a store near its quota,
    /// a refused watch; and the latest deletes and transactions under the prefix, which no honest member makes.</remarks>
    public IReadOnlyList<string> Problems => _problems.ToList();

    /// <summary>Lets etcd forget what stands up to a position. Call it with the position of the last final seal.</summary>
    /// <exception cref="OrderingUnavailableException">No member answers.</exception>
    public async Task TrimAsync(ulong position, CancellationToken cancellationToken)
    {
        try
        {
            await new KV.KVClient(_connections.Current).CompactAsync(
                new CompactionRequest { Revision = (long)position }, deadline: Deadline(), cancellationToken: cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.OutOfRange)
        {
            // Another member has trimmed further.
        }
        catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OrderingUnavailableException($"etcd: {e.Status.Detail}", e);
        }
    }

    /// <summary>How the ordering members are; one that does not answer is told as such. Never throws for a member's fault.</summary>
    public Task<IReadOnlyList<EtcdMemberHealth>> ReadHealthAsync(CancellationToken cancellationToken) =>
        EtcdMemberHealth.ReadAsync(_connections, cancellationToken);

    /// <summary>Ends submits under way with <see cref="OrderingUnavailableException"/>, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await (_watchingHealth ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connections.Dispose();
    }

    private async Task PutAsync(ByteString batch, CancellationToken cancellationToken)
    {
        var deadline = Deadline();
        while (true)
        {
            int place = _connections.CurrentPlace;
            try
            {
                var put = await new KV.KVClient(_connections.Current).PutAsync(
                    new PutRequest { Key = _key, Value = batch }, deadline: Earlier(deadline, DateTime.UtcNow + _options.MemberTimeout), cancellationToken: cancellationToken);
                _reader.Acknowledged(put.Header.Revision);
                return;
            }
            catch (RpcException e) when (EtcdErrors.IsPassing(e) && DateTime.UtcNow < deadline && !cancellationToken.IsCancellationRequested)
            {
                _connections.Leave(place);
                await Task.Delay(_options.RetryDelay, cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new OrderingUnavailableException(EtcdErrors.Explain(e), e);
            }
        }
    }

    private async Task WatchHealthAsync()
    {
        using var timer = new PeriodicTimer(_options.HealthInterval);
        do
        {
            _problems.Health(
                await ReadHealthAsync(_closing.Token).ConfigureAwait(false),
                await EtcdMemberHealth.ReadUnknownAsync(_connections, _options.Endpoints, _closing.Token).ConfigureAwait(false));
        }
        while (await timer.WaitForNextTickAsync(_closing.Token).ConfigureAwait(false));
    }

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    private DateTime Deadline() => DateTime.UtcNow + _options.PutTimeout;
}
