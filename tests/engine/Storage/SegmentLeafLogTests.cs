using RxChain.Engine.Ports;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

public class SegmentLeafLogTests
{
    [Fact]
    public void Reopen_AfterManySegments_ReadsTheSame()
    {
        var sample = SampleLog.Closed(seed: 1, blocks: 400);
        using var log = sample.Open();
        Assert.Equal(sample.Leaves.Count, log.Size);
        Assert.Equal(log.Size, log.DurableSize);
        Assert.Empty(log.Notices);
        Assert.True(sample.Disk.List("/node/log").Count > 10);
        sample.CheckContents(log);
        sample.Append(log);
        sample.CheckContents(log);
    }
}
