namespace RxChain.Engine.Node;

/// <summary>Lets any number of readers wait for the durable and the final size to grow.</summary>
internal sealed class Progress
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _durable;
    private long _final;

    public Task Completion => _completion.Task;

    public void Report(Commitment commitment, long size)
    {
        lock (_lock)
        {
            if (commitment == Commitment.Final)
                _final = size;
            else
                _durable = size;
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Stop(Exception? cause)
    {
        if (cause is null)
            _completion.TrySetResult();
        else
            _completion.TrySetException(cause);
    }

    public async Task<long> WaitBeyondAsync(long size, Commitment commitment, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                long reached = commitment == Commitment.Final ? _final : _durable;
                if (reached > size)
                    return reached;
                changed = _changed.Task;
            }
            var first = await Task.WhenAny(changed, _completion.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (first == _completion.Task)
                throw new Ports.OrderingUnavailableException("The node has stopped.");
        }
    }
}
