using System.Collections.Concurrent;
using System.Threading.Channels;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Execution;

namespace RxChain.Engine.Node;

/// <summary>A batch of this node in the ordering, until it comes back.</summary>
internal sealed record ProposedBatch(byte[] Bytes, CheckedBatch Checked, IReadOnlyList<Submission> Submissions);

/// <summary>
/// Puts admitted events into batches, signs their headers and hands them to the ordering. A batch leaves when it is full
/// or when nothing of ours is in flight: alone an event waits for nobody, under load batches fill up.
/// </summary>
internal sealed class Proposer(
    ValidatorIdentity validator, string network, IOrdering ordering, TimeProvider clock, Func<(long Height, Hash32 SealHash, ulong Epoch)> baseBlock)
{
    private const int MaxInFlight = 4;
    private const int MaxQueued = 8192;

    private readonly Channel<Submission> _queue = Channel.CreateBounded<Submission>(MaxQueued);
    private readonly ConcurrentDictionary<Hash32, ProposedBatch> _inFlight = new();
    private readonly Channel<bool> _returned =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task<bool>? _nextReturn;
    private Task<bool>? _nextEvent;
    private long _lastClockMs;
    private List<Submission> _collected = [];
    private Submission? _carried;
    private OrderingUnavailableException? _ended;

    /// <summary>The clock in the last header that was signed here; 0 before the first.</summary>
    public long LastClockMs => Volatile.Read(ref _lastClockMs);

    /// <summary>Queues an event; waits while the queue is full. Throws <see cref="OrderingUnavailableException"/> once the node has stopped.</summary>
    public async ValueTask EnqueueAsync(Submission submission, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(submission, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw new OrderingUnavailableException(Ended.Message, closed);
        }
    }

    /// <summary>The batch of ours that came back from the ordering, once; null for a batch of somebody else.</summary>
    public ProposedBatch? TakeReturned(ReadOnlyMemory<byte> headerBytes)
    {
        if (!_inFlight.TryRemove(Key(headerBytes), out var proposed))
            return null;
        _returned.Writer.TryWrite(true);
        return proposed;
    }

    /// <summary>The batch of ours that has exactly these bytes, while it is in flight: it need not be verified again.</summary>
    public CheckedBatch? Find(ReadOnlyMemory<byte> headerBytes, ReadOnlyMemory<byte> bytes) =>
        _inFlight.TryGetValue(Key(headerBytes), out var own) && bytes.Span.SequenceEqual(own.Bytes) ? own.Checked : null;

    /// <summary>Proposes until cancelled, then fails whoever still waits.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var reader = _queue.Reader;
        try
        {
            while (_carried is not null || await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await CollectAsync(cancellationToken).ConfigureAwait(false);
                await ProposeAsync(_collected, cancellationToken).ConfigureAwait(false);
                _collected = [];
            }
        }
        finally
        {
            FailAll(Ended);
            Fail(_collected, Ended);
            _carried?.Fail(Ended);
        }
    }

    /// <summary>Orders an empty batch: this validator's clock. Does nothing while a batch of ours is in flight.</summary>
    public Task ReportClockAsync(CancellationToken cancellationToken) =>
        _inFlight.IsEmpty ? ProposeAsync([], cancellationToken) : Task.CompletedTask;

    /// <summary>Fails everybody who waits in the queue or for a batch to come back, and lets nobody in any more. Thread-safe.</summary>
    public void FailAll(OrderingUnavailableException exception)
    {
        Interlocked.CompareExchange(ref _ended, exception, null);
        _queue.Writer.TryComplete();
        foreach (var proposed in _inFlight.Values)
            Fail(proposed.Submissions, exception);
        while (_queue.Reader.TryRead(out var submission))
            submission.Fail(exception);
    }

    // Why nobody is let in any more.
    private OrderingUnavailableException Ended => _ended ?? new("The node has stopped.");

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        int size = HeaderSizeBytes();
        while (true)
        {
            while (_carried is not null || _queue.Reader.TryRead(out _carried))
            {
                int added = _carried.Event.Signed.Bytes.Length + Batch.OverheadPerEnvelopeBytes;
                if (size + added > Batch.MaxSizeBytes && _collected.Count > 0)
                {
                    await WaitForRoomAsync(MaxInFlight, cancellationToken).ConfigureAwait(false);
                    return;
                }
                size += added;
                _collected.Add(_carried);
                _carried = null;
            }
            if (_inFlight.IsEmpty)
                return;
            await NewEventOrReturnAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // What did not come is awaited further the next time: cancelling it would cost two exceptions an event.
    private async Task NewEventOrReturnAsync(CancellationToken cancellationToken)
    {
        var queued = _nextEvent ??= _queue.Reader.WaitToReadAsync(cancellationToken).AsTask();
        var returned = NextReturn(cancellationToken);
        await Task.WhenAny(returned, queued).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (queued.IsCompleted)
            _nextEvent = null;
        if (returned.IsCompleted)
            TakeReturn();
    }

    private async Task WaitForRoomAsync(int most, CancellationToken cancellationToken)
    {
        while (_inFlight.Count >= most)
        {
            await NextReturn(cancellationToken).ConfigureAwait(false);
            TakeReturn();
        }
    }

    private Task<bool> NextReturn(CancellationToken cancellationToken) =>
        _nextReturn ??= _returned.Reader.WaitToReadAsync(cancellationToken).AsTask();

    // Before the caller looks at what is in flight: a batch that returns after that leaves a new mark.
    private void TakeReturn()
    {
        _nextReturn = null;
        _returned.Reader.TryRead(out _);
    }

    private async Task ProposeAsync(List<Submission> submissions, CancellationToken cancellationToken)
    {
        var (headerBytes, header) = SignHeader(submissions);
        var batch = Batch.Create(headerBytes, header, [.. submissions.Select(s => s.Event.Signed)]);
        byte[] bytes = Batch.Encode(headerBytes, [.. submissions.Select(s => s.Event.Signed.Bytes)]);
        _inFlight[Key(headerBytes)] = new ProposedBatch(bytes, new CheckedBatch(batch, [.. submissions.Select(s => s.Event)]), submissions);
        try
        {
            await ordering.SubmitAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (OrderingUnavailableException unavailable)
        {
            if (TakeReturned(headerBytes) is { } proposed)
                Fail(proposed.Submissions, unavailable);
        }
    }

    private (byte[] Bytes, BatchHeader Header) SignHeader(List<Submission> submissions)
    {
        var (height, sealHash, epoch) = baseBlock();
        // Each header of ours differs from the one before, so that a batch is known by its signature.
        _lastClockMs = Math.Max(_lastClockMs + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());
        var header = new BatchHeader
        {
            Network = network,
            Epoch = epoch,
            BaseHeight = height,
            BaseSealHash = sealHash,
            ClockMs = _lastClockMs,
            Proposer = validator.Name,
            EnvelopeHashes = [.. submissions.Select(s => s.Event.Signed.EnvelopeHash)],
        };
        byte[] unsigned = header.UnsignedBytes();
        return ([.. unsigned, .. validator.NodeKey.Sign(BatchHeader.SignedBytes(unsigned))], header);
    }

    private int HeaderSizeBytes() => 256 + network.Length + validator.Name.Length;

    private static void Fail(IReadOnlyList<Submission> submissions, Exception exception)
    {
        foreach (var submission in submissions)
            submission.Fail(exception);
    }

    private static Hash32 Key(ReadOnlyMemory<byte> headerBytes) => new(headerBytes.Span[^64..^32]);
}
