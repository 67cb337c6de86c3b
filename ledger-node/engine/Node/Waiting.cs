namespace RxChain.Engine.Node;

/// <summary>Submissions whose block is applied, until it is as safe as they asked.</summary>
internal sealed class Waiting
{
    private readonly Lock _lock = new();
    private readonly Queue<(long Size, Submission Submission)> _durable = new();
    private readonly Queue<(long Size, Submission Submission)> _final = new();
    private Exception? _stopped;

    /// <summary>Waits for <paramref name="size"/>; sizes must not decrease from call to call. Fails at once when the node has stopped.</summary>
    public void Add(Submission submission, long size)
    {
        lock (_lock)
        {
            if (_stopped is not null)
                submission.Fail(_stopped);
            else
                (submission.Commitment == Commitment.Final ? _final : _durable).Enqueue((size, submission));
        }
    }

    public void Durable(long size) => Release(_durable, size);

    public void Final(long size) => Release(_final, size);

    public void FailAll(Exception cause)
    {
        lock (_lock)
        {
            _stopped = cause;
            foreach (var (_, submission) in _durable.Concat(_final))
                submission.Fail(cause);
            _durable.Clear();
            _final.Clear();
        }
    }

    private void Release(Queue<(long Size, Submission Submission)> queue, long size)
    {
        lock (_lock)
        {
            while (queue.TryPeek(out var first) && first.Size <= size)
                queue.Dequeue().Submission.Complete();
        }
    }
}
