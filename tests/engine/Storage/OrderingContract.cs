using RxChain.Engine.Ports;

namespace RxChain.Testing;

/// <summary>What every ordering does; each implementation derives its tests from this class.</summary>
public abstract class OrderingContract
{
    /// <summary>A new, empty order; position of its first put is above 0.</summary>
    protected abstract IOrdering Create();

    /// <summary>How many members can read at once.</summary>
    protected virtual int Readers => 3;

    protected static CancellationToken TimeOut => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    [Fact]
    public async Task Submit_OneByOne_IsReadInOrderWithGrowingPositions()
    {
        await using var order = new Owned(Create());
        var reading = TakeAsync(order.Ordering, 0, 10);
        for (byte i = 0; i < 10; i++)
            await order.Ordering.SubmitAsync(new[] { i, (byte)(i + 1) }, TimeOut);
        var puts = await reading;
        Assert.Equal(Enumerable.Range(0, 10), puts.Select(p => (int)p.Bytes.Span[0]));
        Assert.True(puts[0].Position > 0);
        Assert.All(puts.Zip(puts.Skip(1)), p => Assert.True(p.First.Position < p.Second.Position));
    }

    [Fact]
    public async Task Submit_ByManyAtOnce_AllReadersSeeTheSameSequenceOfAll()
    {
        await using var order = new Owned(Create());
        const int Submitters = 8, Each = 40;
        var readings = Enumerable.Range(0, Readers).Select(_ => TakeAsync(order.Ordering, 0, Submitters * Each)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Submitters).Select(s => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
                await order.Ordering.SubmitAsync(new[] { (byte)s, (byte)i }, TimeOut);
        })));
        var sequences = await Task.WhenAll(readings);
        Assert.All(sequences, s => Assert.Equal(sequences[0].Select(Text), s.Select(Text)));
        // One after the other means in that order.
        foreach (var bySubmitter in sequences[0].GroupBy(p => p.Bytes.Span[0]))
            Assert.Equal(Enumerable.Range(0, Each), bySubmitter.Select(p => (int)p.Bytes.Span[1]));
    }

    [Fact]
    public async Task Read_AfterAPosition_GoesOnWithTheNextPut()
    {
        await using var order = new Owned(Create());
        for (byte i = 0; i < 6; i++)
            await order.Ordering.SubmitAsync(new[] { i }, TimeOut);
        var first = await TakeAsync(order.Ordering, 0, 3);
        var second = await TakeAsync(order.Ordering, first[^1].Position, 3);
        Assert.Equal([0, 1, 2, 3, 4, 5], first.Concat(second).Select(p => (int)p.Bytes.Span[0]));
    }

    [Fact]
    public async Task Submit_OfTheLargestBatch_IsReadWhole()
    {
        await using var order = new Owned(Create());
        byte[] batch = new byte[64 << 10];
        new Random(1).NextBytes(batch);
        await order.Ordering.SubmitAsync(batch, TimeOut);
        Assert.Equal(batch, (await TakeAsync(order.Ordering, 0, 1))[0].Bytes.ToArray());
        await Assert.ThrowsAsync<ArgumentException>(() => order.Ordering.SubmitAsync(new byte[(64 << 10) + 1], TimeOut));
    }

    [Fact]
    public async Task Read_WithNothingToRead_WaitsUntilCancelled()
    {
        await using var order = new Owned(Create());
        using var cancel = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TakeAsync(order.Ordering, 0, 1, cancel.Token));
    }

    /// <summary>Reads the next <paramref name="count"/> puts.</summary>
    protected static async Task<List<OrderedPut>> TakeAsync(
        IOrdering order, ulong afterPosition, int count, CancellationToken? cancellationToken = null)
    {
        ArgumentNullException.ThrowIfNull(order);
        var puts = new List<OrderedPut>();
        await foreach (var put in order.ReadAsync(afterPosition, cancellationToken ?? TimeOut))
        {
            puts.Add(put);
            if (puts.Count == count)
                break;
        }
        return puts;
    }

    private static string Text(OrderedPut put) => $"{put.Position}: {Convert.ToHexString(put.Bytes.Span)}";

    private sealed class Owned(IOrdering ordering) : IAsyncDisposable
    {
        public IOrdering Ordering { get; } = ordering;

        public async ValueTask DisposeAsync()
        {
            if (Ordering is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
        }
    }
}
