using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

public class CosignedHeadFileTests
{
    private const string HeadPath = "/cosigned";

    [Theory]
    [InlineData(DiskFault.PowerLoss)]
    [InlineData(DiskFault.Fail)]
    [InlineData(DiskFault.Half)]
    internal void AnyCallFails_ThenPowerLoss_KeepsTheLastSavedHead(DiskFault fault)
    {
        var whole = new MemoryDisk();
        SaveAll(whole, out _);
        for (int at = 0; at < whole.Calls; at++)
        {
            for (int number = 0; number < 10; number++)
            {
                var disk = new MemoryDisk { Fault = fault, FaultAt = at };
                SaveAll(disk, out long saved);
                var after = disk.AfterPowerLoss((Unflushed)Math.Min(number, 2), new Random(number));
                using var file = CosignedHeadFile.Open(after, HeadPath);
                Assert.InRange(file.Read().Size, saved, saved + 1);
                if (file.Read().Size > 0)
                    Assert.Equal(Head(file.Read().Size), file.Read());
            }
        }
    }

    [Fact]
    public void Save_TakesOneFlush()
    {
        int flushes = 0;
        var disk = new MemoryDisk();
        using var file = CosignedHeadFile.Open(disk, HeadPath);
        disk.Trace = kind => flushes += kind == "flush" ? 1 : 0;
        file.Save(Head(1));
        file.Save(Head(1));
        Assert.Equal(1, flushes);
    }

    [Fact]
    public void Save_BelowOrBesideTheLastHead_IsRefused()
    {
        using var file = CosignedHeadFile.Open(new MemoryDisk(), HeadPath);
        file.Save(Head(5));
        Assert.Throws<InvalidOperationException>(() => file.Save(Head(4)));
        Assert.Throws<InvalidOperationException>(() => file.Save(new CosignedHead(5, Head(6).Root)));
        Assert.Equal(Head(5), file.Read());
    }

    [Fact]
    public void Save_AfterAFailedFlush_IsRefused()
    {
        var disk = new MemoryDisk();
        using var file = CosignedHeadFile.Open(disk, HeadPath);
        (disk.FaultAt, disk.Fault) = (disk.Calls + 1, DiskFault.Half);
        Assert.Throws<IOException>(() => file.Save(Head(1)));
        Assert.Throws<IOException>(() => file.Save(Head(1)));
        Assert.Equal(0, file.Read().Size);
    }

    [Fact]
    public void Open_AnyByteOfOneSlotFlipped_ReadsTheOther_BothHalts()
    {
        var disk = new MemoryDisk();
        using (var file = CosignedHeadFile.Open(disk, HeadPath))
        {
            file.Save(Head(1));
            file.Save(Head(2));
        }
        byte[] whole = disk[HeadPath];
        for (int at = 0; at < 60; at++)
        {
            disk[HeadPath] = Flip(whole, 4096 + at);
            using var file = CosignedHeadFile.Open(disk, HeadPath);
            Assert.Equal(Head(file.Read().Size), file.Read());
            disk[HeadPath] = Flip(Flip(whole, 4096 + at), at);
            Assert.Throws<CorruptLogException>(() => CosignedHeadFile.Open(disk, HeadPath));
        }
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 1;
        return flipped;
    }

    private static CosignedHead Head(long size) => new(size, Hash32.Sha256([(byte)size]));

    private static void SaveAll(MemoryDisk disk, out long saved)
    {
        saved = 0;
        try
        {
            using var file = CosignedHeadFile.Open(disk, HeadPath);
            for (long size = 1; size <= 6; size++)
            {
                file.Save(Head(size));
                saved = size;
            }
        }
        catch (Exception e) when (e is IOException or PowerLossException)
        {
        }
    }
}
