using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RxChain.Engine.Ports;

namespace RxChain.Storage;

/// <summary>Orders batches through an <see cref="OrderFile"/>: one task writes, and all that wait share its next flush.</summary>
internal sealed class FileOrder : LocalOrder
{
    private readonly Channel<Submission> _waiting =
        Channel.CreateBounded<Submission>(new BoundedChannelOptions(WaitingBatches) { SingleReader = true });
    private readonly OrderFile _file;
    private readonly Task _writing;

    // Completed when the file has grown or the order has ended; each time by a new one.
    private TaskCompletionSource _changed = NewSignal();
    private Exception? _failure;
    private volatile bool _ended;

    public FileOrder(OrderFile file)
    {
        _file = file;
        _writing = Task.Run(WriteAsync);
    }

    public override async Task SubmitAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        CheckLength(batch);
        var submission = new Submission(batch.ToArray(), NewSignal());
        try
        {
            await _waiting.Writer.WriteAsync(submission, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw Closed(e.InnerException);
        }
        await submission.Ordered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async IAsyncEnumerable<OrderedPut> ReadAsync(
        ulong afterPosition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (afterPosition > _file.EndPosition)
            throw new CorruptLogException($"The order ends at position {_file.EndPosition}, but a member's log has position {afterPosition}: this is not its order file, or an older copy.");
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var changed = Volatile.Read(ref _changed).Task;
            bool ended = _ended;
            while (_file.TryReadAfter(afterPosition) is { } put)
            {
                afterPosition = put.Position;
                yield return put;
            }
            if (ended)
                break;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        if (_failure is not null)
            throw Closed(_failure);
    }

    public override async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        _file.Dispose();
    }

    private async Task WriteAsync()
    {
        var group = new List<Submission>();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                group.Clear();
                while (group.Count < WaitingBatches && _waiting.Reader.TryRead(out var submission))
                    group.Add(submission);
                _file.Append([.. group.Select(s => s.Batch)]);
                group.ForEach(s => s.Ordered.TrySetResult());
                SignalChange();
            }
        }
        catch (Exception e)
        {
            Fail(e, group);
        }
        _ended = true;
        SignalChange();
    }

    // Nothing is known about the group whose flush failed, and no more is ordered: the process must end.
    private void Fail(Exception failure, List<Submission> group)
    {
        _failure = failure;
        _waiting.Writer.TryComplete(failure);
        while (_waiting.Reader.TryRead(out var submission))
            group.Add(submission);
        group.ForEach(s => s.Ordered.TrySetException(Closed(failure)));
    }

    private void SignalChange() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Submission(ReadOnlyMemory<byte> Batch, TaskCompletionSource Ordered);
}
