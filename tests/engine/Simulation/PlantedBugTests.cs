using RxChain.Engine.Ports;
using RxChain.Ledger;
using Xunit.Abstractions;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>The simulator is worth something only if it finds bugs: each of these is planted, and found.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int MaxSeeds = 200;

    [Fact]
    public void CosignedHeadNotSaved_IsFound() =>
        Finds(o => o with { WrapCosigned = store => new ForgetfulHeads(store) }, "cosigned size");

    [Fact]
    public void LogNotFlushed_IsFound() =>
        Finds(o => o with { WrapLog = log => new LogWrapper(log) { FlushesNothing = true } }, "its disk may lose it");

    [Fact]
    public void BlockAppendedTwice_IsFound() =>
        Finds(o => o with { WrapLog = log => new LogWrapper(log) { AppendsTwice = true } }, "");

    [Fact]
    public void CosignedBeforeQuorumReported_IsFound() =>
        Finds(o => o with { BelieveOneReport = true, Validators = 4, Byzantine = 0, OldDisk = -1, OtherFace = 0, Changes = [], Isolated = -1 }, "before a quorum had reported");

    [Fact]
    public void OrderWithTwoFaces_IsFound() =>
        Finds(o => o with { OtherFace = 1, DenyOtherFace = true, Byzantine = 0, OldDisk = -1 }, "another log");

    private void Finds(Func<SimOptions, SimOptions> plant, string complaint)
    {
        for (int seed = 0; seed < MaxSeeds; seed++)
        {
            var found = Record.Exception(() => SimulationTests.Run(plant(SimOptions.Random(seed))));
            if (found is null)
                continue;
            output.WriteLine($"found by seed {seed}: {found.InnerException!.Message}");
            Assert.Contains(complaint, found.Message, StringComparison.Ordinal);
            return;
        }
        Assert.Fail($"not found in {MaxSeeds} seeds");
    }

    /// <summary>Says that a head is saved, and has it in memory only.</summary>
    private sealed class ForgetfulHeads(ICosignedHeadStore inner) : ICosignedHeadStore
    {
        private CosignedHead? _head;

        public CosignedHead Read() => _head ?? inner.Read();

        public void Save(CosignedHead head) => _head = head;
    }

    private sealed class LogWrapper(ILeafLog inner) : ILeafLog
    {
        private long _claimed;

        public bool FlushesNothing { get; init; }

        public bool AppendsTwice { get; init; }

        public long Size => inner.Size;

        public long DurableSize => Math.Max(_claimed, inner.DurableSize);

        public void AppendBlock(IReadOnlyList<ReadOnlyMemory<byte>> leaves, ReadOnlySpan<Hash32> leafHashes)
        {
            inner.AppendBlock(leaves, leafHashes);
            if (AppendsTwice && inner.Size > 10)
                inner.AppendBlock(leaves, leafHashes);
        }

        public long Flush() => FlushesNothing ? _claimed = inner.Size : inner.Flush();

        public ReadOnlyMemory<byte> Read(long index) => inner.Read(index);

        public IEnumerable<ReadOnlyMemory<byte>> ReadRange(long from, long to) => inner.ReadRange(from, to);

        public bool TryReadNode(int level, long index, out Hash32 hash) => inner.TryReadNode(level, index, out hash);

        public void Dispose() => inner.Dispose();
    }
}
