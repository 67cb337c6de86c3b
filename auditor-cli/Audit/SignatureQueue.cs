using RxChain.Auditor.Findings;
using RxChain.Auditor.Replay;

namespace RxChain.Auditor.Audit;

/// <summary>
/// Verifies signatures on all cores while the replay goes on. What waits is bounded by the bytes of the leaves that it
/// keeps in memory: beyond that, adding waits.
/// </summary>
internal sealed class SignatureQueue
{
    private const long MaxWaitingBytes = 8 << 20;

    private readonly Queue<(Task<Finding?> Task, long Bytes)> _waiting = new();
    private long _bytes;
    private Finding? _finding;

    /// <summary>Signatures of events handed over so far.</summary>
    public long EventSignatures { get; private set; }

    /// <summary>Hands over checks; returns the first finding so far, or null.</summary>
    public Finding? Add(SignatureChecks checks, long bytes)
    {
        EventSignatures += checks.EventSignatures;
        _waiting.Enqueue((Task.Run(checks.Run), bytes));
        _bytes += bytes;
        while (_bytes > MaxWaitingBytes || (_waiting.Count > 0 && _waiting.Peek().Task.IsCompleted))
            TakeOldest();
        return _finding;
    }

    /// <summary>Waits for all; returns the first finding, or null.</summary>
    public Finding? Drain()
    {
        while (_waiting.Count > 0)
            TakeOldest();
        return _finding;
    }

    private void TakeOldest()
    {
        var (task, bytes) = _waiting.Dequeue();
        _finding = Finding.First(_finding, task.GetAwaiter().GetResult());
        _bytes -= bytes;
    }
}
