using RxChain.Engine.Ports;
using RxChain.Storage;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Engine.Tests.Storage;

public class OneMemberOrderTests : OrderingContract
{
    protected override int Readers => 1;

    protected override IOrdering Create() => LocalOrder.ForOneMember(0);

    [Fact]
    public async Task Positions_AfterARestart_FollowTheLastOne()
    {
        await using var order = LocalOrder.ForOneMember(41);
        await order.SubmitAsync(new byte[1], TimeOut);
        Assert.Equal(42ul, (await TakeAsync(order, 41, 1))[0].Position);
    }

    [Fact]
    public async Task Submit_WithNobodyReading_WaitsAtTheLimit()
    {
        await using var order = LocalOrder.ForOneMember(0);
        for (int i = 0; i < LocalOrder.WaitingBatches; i++)
            await order.SubmitAsync(new byte[1], TimeOut);
        var blocked = order.SubmitAsync(new byte[1], TimeOut);
        await Task.Delay(50);
        Assert.False(blocked.IsCompleted);
        await TakeAsync(order, 0, 2);
        await blocked;
    }

    [Fact]
    public async Task Submit_AfterDispose_IsUnavailable()
    {
        var order = LocalOrder.ForOneMember(0);
        await order.DisposeAsync();
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => order.SubmitAsync(new byte[1], TimeOut));
    }
}

public class SeveralMembersOrderTests(ITestOutputHelper output) : OrderingContract
{
    private const string OrderPath = "/order";

    protected override IOrdering Create() => LocalOrder.ForSeveralMembers(new MemoryDisk(), OrderPath, 0);

    [Fact]
    public async Task Restart_ReplaysTheSamePuts()
    {
        var disk = new MemoryDisk();
        var before = await FillAsync(disk, 5);
        await using var order = LocalOrder.ForSeveralMembers(disk, OrderPath, 0);
        await order.SubmitAsync(new byte[] { 99 }, TimeOut);
        var after = await TakeAsync(order, 0, 6);
        Assert.Equal(before.Select(p => p.Position), after.Take(5).Select(p => p.Position));
        Assert.Equal(99, after[5].Bytes.Span[0]);
        Assert.Equal(after[5].Position, (await TakeAsync(order, before[^1].Position, 1))[0].Position);
    }

    [Fact]
    public async Task PowerLoss_AtAnyCall_KeepsWhatWasDelivered()
    {
        foreach (int seed in SeededRuns.Seeds(output, quick: 60))
        {
            var random = new Random(seed);
            var disk = new MemoryDisk { FaultAt = seed % 40, Fault = (DiskFault)random.Next(3) };
            var delivered = new List<OrderedPut>();
            try
            {
                delivered = await FillAsync(disk, 12);
            }
            catch (Exception e) when (e is IOException or PowerLossException or OrderingUnavailableException)
            {
                delivered = [.. _delivered];
            }
            var after = disk.AfterPowerLoss((Unflushed)random.Next(3), random);
            await using var order = LocalOrder.ForSeveralMembers(after, OrderPath, 0);
            await order.SubmitAsync(new byte[] { 200 }, TimeOut);
            var replayed = await TakeAsync(order, 0, delivered.Count + 1);
            Assert.Equal(delivered.Select(p => (p.Position, p.Bytes.Span[0])), replayed.Take(delivered.Count).Select(p => (p.Position, p.Bytes.Span[0])));
        }
    }

    [Fact]
    public async Task TornTail_CutAtEveryByte_IsCutOffWhole()
    {
        var disk = new MemoryDisk();
        var puts = await FillAsync(disk, 3);
        byte[] whole = disk[OrderPath];
        for (int cut = (int)puts[1].Position; cut < (int)puts[2].Position; cut++)
        {
            byte[] torn = [.. whole.AsSpan(0, (int)puts[2].Position)];
            torn.AsSpan(cut).Clear();
            disk[OrderPath] = torn;
            await using var order = LocalOrder.ForSeveralMembers(disk, OrderPath, 0);
            await order.SubmitAsync(new byte[] { 7 }, TimeOut);
            var after = await TakeAsync(order, 0, 3);
            Assert.Equal(puts[2].Position, after[2].Position);
            Assert.Equal(7, after[2].Bytes.Span[0]);
        }
    }

    [Fact]
    public async Task DeliveredBatch_Flipped_Halts()
    {
        var disk = new MemoryDisk();
        var puts = await FillAsync(disk, 3);
        byte[] whole = [.. disk[OrderPath].AsSpan(0, (int)puts[2].Position)];
        for (int at = 0; at < (int)puts[1].Position; at += at is > 80 and < 4000 ? 50 : 1)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= 4;
            disk[OrderPath] = flipped;
            Assert.Throws<CorruptLogException>(() => LocalOrder.ForSeveralMembers(disk, OrderPath, 0));
        }
        // No later batch tells of the last one, but a member's log does.
        disk[OrderPath] = [.. whole[..^1], (byte)~whole[^1]];
        Assert.Throws<CorruptLogException>(() => LocalOrder.ForSeveralMembers(disk, OrderPath, puts[2].Position));
    }

    [Fact]
    public async Task Read_BeyondTheEnd_SaysThatTheFileIsOlder()
    {
        await using var order = LocalOrder.ForSeveralMembers(new MemoryDisk(), OrderPath, 0);
        await Assert.ThrowsAsync<CorruptLogException>(() => TakeAsync(order, 123_456, 1));
    }

    [Fact]
    public async Task FailedFlush_MakesTheOrderUnavailable_ForSubmittersAndReaders()
    {
        var disk = new MemoryDisk();
        await using var order = LocalOrder.ForSeveralMembers(disk, OrderPath, 0);
        await order.SubmitAsync(new byte[1], TimeOut);
        (disk.FaultAt, disk.Fault) = (disk.Calls + 1, DiskFault.Half);
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => order.SubmitAsync(new byte[1], TimeOut));
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => order.SubmitAsync(new byte[1], TimeOut));
        await Assert.ThrowsAsync<OrderingUnavailableException>(() => TakeAsync(order, 0, 2));
    }

    [Fact]
    public async Task ManySubmits_ShareFlushes_AndDisposeEndsReaders()
    {
        int flushes = 0;
        var disk = new MemoryDisk { Trace = kind => flushes += kind == "flush" ? 1 : 0 };
        var order = LocalOrder.ForSeveralMembers(disk, OrderPath, 0);
        var reading = TakeAsync(order, 0, int.MaxValue);
        await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => order.SubmitAsync(new byte[100], TimeOut)));
        Assert.True(flushes < 200, $"{flushes} flushes");
        await order.DisposeAsync();
        Assert.True((await reading).Count <= 400);
    }

    private readonly List<OrderedPut> _delivered = [];

    // Submits one after the other, reading each; what was read before a failure stays in _delivered.
    private async Task<List<OrderedPut>> FillAsync(MemoryDisk disk, int count)
    {
        _delivered.Clear();
        await using var order = LocalOrder.ForSeveralMembers(disk, OrderPath, 0);
        for (int i = 0; i < count; i++)
        {
            await order.SubmitAsync(new[] { (byte)i }, TimeOut);
            _delivered.AddRange(await TakeAsync(order, _delivered.Count == 0 ? 0 : _delivered[^1].Position, 1));
        }
        return [.. _delivered];
    }
}
