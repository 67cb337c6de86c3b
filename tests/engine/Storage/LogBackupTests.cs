using RxChain.Engine.Ports;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

public class LogBackupTests
{
    [Fact]
    public async Task Copy_WhileTheNodeAppends_IsAPrefixUpToADurableSeal()
    {
        var sample = new SampleLog(seed: 30);
        using var log = sample.Open();
        for (int i = 0; i < 100; i++)
            sample.Append(log);
        log.Flush();
        using var done = new CancellationTokenSource();
        var appending = Task.Run(() =>
        {
            for (int i = 0; !done.IsCancellationRequested; i++)
            {
                sample.Append(log);
                if (i % 3 == 0)
                    log.Flush();
            }
        });
        var sizes = Enumerable.Range(0, 4).Select(i => LogBackup.Copy(sample.Disk, SampleLog.Root, $"/backup{i}")).ToList();
        await done.CancelAsync();
        await appending;
        for (int i = 0; i < sizes.Count; i++)
        {
            using var copy = SegmentLeafLog.Open(sample.Disk, $"/backup{i}", sizes[i], SampleLog.Options);
            Assert.Equal(sizes[i], copy.Size);
            sample.CheckContents(copy);
        }
    }

    [Fact]
    public void Copy_UnflushedTail_IsLeftOut()
    {
        var sample = SampleLog.Closed(seed: 31, blocks: 3);
        using var log = sample.Open();
        long durable = log.Size;
        sample.Append(log);
        Assert.Equal(durable, LogBackup.Copy(sample.Disk, SampleLog.Root, "/backup"));
    }

    [Fact]
    public void Copy_OfADamagedLog_HaltsAndCannotBeRestored()
    {
        var sample = SampleLog.Closed(seed: 32, blocks: 100);
        byte[] flipped = sample.Disk["/node/log/00000001.seg"];
        flipped[5000] ^= 1;
        sample.Disk["/node/log/00000001.seg"] = flipped;
        Assert.Throws<CorruptLogException>(() => LogBackup.Copy(sample.Disk, SampleLog.Root, "/backup"));
        Assert.Throws<IOException>(() => LogBackup.Copy(sample.Disk, "/backup", "/again"));
        Assert.Throws<IOException>(() => LogBackup.Copy(sample.Disk, SampleLog.Root, "/backup"));
    }
}
