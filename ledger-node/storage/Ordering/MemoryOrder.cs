using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RxChain.Engine.Ports;

namespace RxChain.Storage;

/// <summary>A bounded queue whose puts get their positions as the only reader takes them.</summary>
internal sealed class MemoryOrder(ulong lastPosition) : LocalOrder
{
    private readonly Channel<byte[]> _waiting =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(WaitingBatches) { SingleReader = true });
    private ulong _position = lastPosition;

    public override async Task SubmitAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken)
    {
        CheckLength(batch);
        try
        {
            await _waiting.Writer.WriteAsync(batch.ToArray(), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw Closed();
        }
    }

    public override async IAsyncEnumerable<OrderedPut> ReadAsync(
        ulong afterPosition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (afterPosition != _position)
            throw new InvalidOperationException($"The order of a single member goes on after {_position}, not after {afterPosition}.");
        await foreach (byte[] batch in _waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return new OrderedPut(++_position, batch);
    }

    public override ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
