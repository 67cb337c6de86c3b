using Grpc.Core;

namespace RxChain.GrpcApi.Hosting;

/// <summary>
/// Writes to a stream whose reader may be slow: waits while the reader's window is full, so that nothing piles up here,
/// but not for ever. When the time is up the stream is reset.
/// </summary>
internal sealed class PatientWriter<T>(IServerStreamWriter<T> stream, TimeSpan patience, CancellationToken callEnds) : IDisposable
{
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _giveUp = CancellationTokenSource.CreateLinkedTokenSource(callEnds);

    /// <summary>Completes when the message is handed to the transport.</summary>
    public async Task WriteAsync(T message)
    {
        _giveUp.CancelAfter(patience);
        await stream.WriteAsync(message, _giveUp.Token);
        _giveUp.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gives a write that is under way one second more, so that a slow reader does not keep the node from stopping.</summary>
    public void Hurry() => _giveUp.CancelAfter(LastPatience);

    /// <inheritdoc/>
    public void Dispose() => _giveUp.Dispose();
}
