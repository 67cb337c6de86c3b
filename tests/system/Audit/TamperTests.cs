using RxChain.Auditor.Findings;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.SystemTests.Audit;

/// <summary>Changes to a copy of the files, by somebody who cannot sign.</summary>
public sealed class TamperTests
{
    [Theory]
    [InlineData(LeafKind.Genesis, 24)]
    [InlineData(LeafKind.Event, 48)]
    [InlineData(LeafKind.Seal, 48)]
    public void OneByte_OfALeafOfAnyKind_IsFoundAtThatLeaf(LeafKind kind, int samples)
    {
        var leaves = SampleLedger.Small.Leaves;
        int[] ofKind = [.. Enumerable.Range(0, leaves.Count).Where(i => leaves[i][1] == (byte)kind)];
        for (int sample = 0; sample < samples; sample++)
        {
            // Spread over the leaves, and over each leaf from its first byte to its last.
            int index = ofKind[sample * ofKind.Length / samples];
            int at = (int)((long)sample * (leaves[index].Length - 1) / (samples - 1));
            var files = SampleLedger.Files(Changed(leaves, index, at), SampleLedger.Small.Checkpoint());
            foreach (var (name, bytes) in SampleLedger.Files(SampleLedger.Small).Where(f => !f.Key.Contains("entries", StringComparison.Ordinal)))
                files[name] = bytes;
            var report = MemoryTiles.Verify(files);
            Assert.Equal((ExitCode.Tampered, "leaf-hash", (long?)index), (report.Exit, report.Finding!.Check, report.Finding.Leaf));
            Assert.StartsWith("tile/entries/000", report.Finding.File, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void OneByte_OfALeafWithItsTilesMadeToFit_IsFound()
    {
        var leaves = SampleLedger.Small.Leaves;
        for (int index = 0; index < leaves.Count; index++)
        {
            var changed = Changed(leaves, index, index * 7 % leaves[index].Length);
            Assert.Equal(ExitCode.Tampered, MemoryTiles.Verify(SampleLedger.Files(changed, SampleLedger.Small.Checkpoint())).Exit);
        }
    }

    [Fact]
    public void Swapped_Leaves_AreFound()
    {
        var leaves = SampleLedger.Small.Leaves.ToList();
        int first = leaves.FindIndex(2, leaf => leaf[1] == (byte)LeafKind.Event);
        (leaves[first], leaves[first + 1]) = (leaves[first + 1], leaves[first]);
        var files = SampleLedger.Files(SampleLedger.Small);
        string bundle = TileId.Entries(0, leaves.Count).ToString();
        files[bundle] = TileFiles.Of(leaves)[bundle];
        Assert.Equal((long?)first, MemoryTiles.Verify(files).Finding!.Leaf);
    }

    [Fact]
    public void HashTiles_OfEachLevel_MustBeWhatTheLeavesSay()
    {
        var files = SampleLedger.Files(SampleLedger.Ledger);
        foreach (string name in files.Keys.Where(n => n.StartsWith("tile/", StringComparison.Ordinal) && !n.Contains("entries", StringComparison.Ordinal)))
        {
            var changed = new SortedDictionary<string, byte[]>(files) { [name] = [.. files[name]] };
            changed[name][^1] ^= 1;
            var report = MemoryTiles.Verify(changed);
            Assert.Equal(ExitCode.Tampered, report.Exit);
            Assert.Contains(name, report.Finding!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Missing_Files_CannotBeEvaluated()
    {
        var files = SampleLedger.Files(SampleLedger.Ledger);
        foreach (string name in files.Keys)
        {
            var rest = new SortedDictionary<string, byte[]>(files);
            rest.Remove(name);
            var report = MemoryTiles.Verify(rest);
            Assert.Equal((ExitCode.CannotEvaluate, "missing", name), (report.Exit, report.Finding!.Check, report.Finding.File));
        }
    }

    [Fact]
    public void Truncated_Files_AreTamperingNamedByFile()
    {
        var files = SampleLedger.Files(SampleLedger.Ledger);
        foreach (string name in files.Keys)
        {
            var cut = new SortedDictionary<string, byte[]>(files) { [name] = files[name][..(files[name].Length / 2)] };
            var report = MemoryTiles.Verify(cut);
            Assert.Equal((ExitCode.Tampered, name), (report.Exit, report.Finding!.File));
        }
    }

    private static List<byte[]> Changed(List<byte[]> leaves, int index, int at)
    {
        List<byte[]> changed = [.. leaves];
        changed[index] = [.. leaves[index]];
        changed[index][at] ^= 0x10;
        return changed;
    }
}
