using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Engine.Tests.Simulation;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Node;

public sealed class NodeRecoveryTests
{
    [Fact]
    public async Task Recover_StateDeletedOrDamaged_SameRoots()
    {
        var (disk, states) = await WrittenAsync();
        var expected = Recover(disk, states, out int notices);
        Assert.Equal(0, notices);
        Assert.True(states.Applied.Size > 0);

        var rebuilt = Recover(disk, MemoryStates.Create(), out _);
        states.Damage(new Random(1));
        var mended = Recover(disk, states, out notices);

        Assert.Equal(1, notices);
        Assert.All([rebuilt, mended], e => Assert.Equal(
            (expected.Head.Size, expected.Head.Tree.Root, expected.State.Root, expected.Head.LedgerTimeMs),
            (e.Head.Size, e.Head.Tree.Root, e.State.Root, e.Head.LedgerTimeMs)));
    }

    [Fact]
    public async Task Recover_TailIsIncompleteBlock_AllBeforeIt()
    {
        var (disk, states) = await WrittenAsync();
        var before = Recover(disk, states, out _);
        int torn = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            var copy = disk.AfterPowerLoss(Unflushed.Kept, new Random(seed));
            disk.Restart();
            var after = Recover(AppendTorn(copy, states, new Random(seed)), states, out _);
            torn += after.Head.Size == before.Head.Size ? 1 : 0;
            Assert.True(after.Head.Size == before.Head.Size || after.Head.Height == before.Head.Height + 1);
        }
        Assert.True(torn > 5);
    }

    [Fact]
    public async Task Start_OtherGenesis_Refused()
    {
        var (disk, states) = await WrittenAsync();
        await using var solo = new SoloNode(disk, states, FixedNetwork.Genesis());
        Assert.Throws<CorruptLogException>(() => solo.Start());
    }

    [Fact]
    public async Task Start_LogIsNotTheOneThatWasCosigned_Refused()
    {
        var (disk, states) = await WrittenAsync();
        await using var solo = new SoloNode(disk, states);
        var parts = solo.Parts with { CosignedHead = new OtherHead(solo.Parts.CosignedHead.Read()) };
        var refused = Assert.Throws<CorruptLogException>(() => LedgerNode.Start(parts));
        Assert.Contains("cosigned", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<(MemoryDisk Disk, MemoryStates States)> WrittenAsync()
    {
        await using var solo = new SoloNode().Start();
        foreach (var act in SoloNode.Acts(6))
            await solo.SubmitAsync(act);
        return (solo.Disk, solo.States);
    }

    private static BlockExecutor Recover(MemoryDisk disk, MemoryStates states, out int notices)
    {
        var solo = new SoloNode(disk, states);
        var recovery = new NodeRecovery(solo.Parts);
        var executor = recovery.Run();
        notices = recovery.Notices.Count;
        return executor;
    }

    // One more block is written, and the power goes before its flush.
    private static MemoryDisk AppendTorn(MemoryDisk disk, MemoryStates states, Random random)
    {
        var solo = new SoloNode(disk, states);
        var executor = new NodeRecovery(solo.Parts).Run();
        var act = SimEvents.Check(SoloNode.Acts(7).Last());
        var header = new Ledger.Batches.BatchHeader
        {
            Network = FixedNetwork.Origin,
            Epoch = 0,
            BaseHeight = executor.Head.Height,
            BaseSealHash = executor.Head.SealHash,
            ClockMs = FixedNetwork.CreatedMs + 120_000,
            Proposer = FixedNetwork.Hospital,
            EnvelopeHashes = [act.Signed.EnvelopeHash],
        };
        byte[] headerBytes = TestLedger.SignHeader(header, FixedNetwork.Hospital);
        var batch = new CheckedBatch(Ledger.Batches.Batch.Create(headerBytes, header, [act.Signed]), [act]);
        var block = executor.Execute(batch, executor.Head.OrderingPosition + 1, out string reason);
        Assert.True(block is not null, reason);
        solo.Parts.Log.AppendBlock(block.Leaves, block.LeafHashes);
        return disk.AfterPowerLoss(Unflushed.Random, random);
    }

    private sealed class OtherHead(CosignedHead head) : ICosignedHeadStore
    {
        public CosignedHead Read() => head with { Root = Hash32.Sha256("another log"u8) };

        public void Save(CosignedHead head) => throw new NotSupportedException();
    }
}
