using Grpc.Core;

namespace RxChain.GrpcApi.Hosting;

/// <summary>
/// Writes to a stream whose reader may be slow: waits while the reader's window is full, so that nothing piles up here,
/// but not for ever. When the time is up the stream is reset.
/// </summary>
internal sealed class PatientWriter<T>(IServerStreamWriter<T> stream, TimeSpan patience, CancellationToken callEnds) : IDisposable
{
    private readonly CancellationTokenSource _giveUp = CancellationTokenSource.CreateLinkedTokenSource(callEnds);

    /// <summary>Completes when the message is handed to the transport.</summary>
    public async Task WriteAsync(T message)
    {
        _giveUp.CancelAfter(patience);
        await stream.WriteAsync(message, _giveUp.Token);
        _giveUp.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose() => _giveUp.Dispose();
}
