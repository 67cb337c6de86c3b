using RxChain.Ledger.Execution;

namespace RxChain.Engine.Node;

/// <summary>An admitted event on its way onto the ledger, and who waits for it.</summary>
internal sealed class Submission(CheckedEvent checkedEvent, Commitment commitment)
{
    private readonly TaskCompletionSource<SubmitResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CheckedEvent Event { get; } = checkedEvent;

    public Commitment Commitment { get; } = commitment;

    /// <summary>Where the event is, once its batch was applied.</summary>
    public EventPlace Place { get; set; }

    public Task<SubmitResult> Done => _done.Task;

    public void Complete() =>
        _done.TrySetResult(new SubmitResult(Event.Signed.EventId, Place.Outcome, "", Place.LeafIndex, Place.Duplicate));

    public void Fail(Exception exception) => _done.TrySetException(exception);
}
