using RxChain.Engine;

namespace RxChain.Node.Hosting;

/// <summary>Prints how far a copy from peers is, a line every few seconds while one is under way.</summary>
internal sealed class CopyProgress : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _printing;

    private CopyProgress(ILedgerNode node) => _printing = PrintAsync(node);

    /// <summary>Prints until disposed.</summary>
    public static CopyProgress Print(ILedgerNode node) => new(node);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _printing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task PrintAsync(ILedgerNode node)
    {
        while (true)
        {
            await Task.Delay(Interval, _stopping.Token);
            if (node.Status is { CopyTarget: > 0 } status)
                Console.WriteLine($"copying from peers: {status.Size} of {status.CopyTarget} leaves");
        }
    }
}
