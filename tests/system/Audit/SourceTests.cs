using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Sources;
using RxChain.Ledger;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Storage;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.SystemTests.Audit;

/// <summary>Data directories written by the storage, live tiles over HTTP, and whatever else may lie in a directory.</summary>
public sealed class SourceTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void DataDirectory_IsReadWithWhatIsNotFinal()
    {
        var ledger = SampleLedger.Ledger;
        string root = WriteDataDirectory(ledger.Leaves, VerifyTests.CheckpointAt(ledger.Seals.First(s => s.LeafIndex > 100)));
        var report = Verify(root);
        Assert.Null(report.Finding);
        Assert.InRange(report.Counts.Leaves, 101, ledger.Leaves.Count - 1);
        Assert.Contains($"{ledger.Leaves.Count - report.Counts.Leaves} leaves from {report.Counts.Leaves} on: not final", report.NotChecked[0], StringComparison.Ordinal);
    }

    [Fact]
    public void DataDirectory_WithOneByteChanged_NamesSegmentAndLeaf()
    {
        string root = WriteDataDirectory(SampleLedger.Small.Leaves, SampleLedger.Small.Checkpoint());
        string segment = Path.Combine(root, "log", "00000000.seg");
        byte[] bytes = File.ReadAllBytes(segment);
        int end = bytes.AsSpan().LastIndexOfAnyExcept((byte)0);
        for (int at = 4096; at <= end; at += end / 40)
        {
            bytes[at] ^= 1;
            File.WriteAllBytes(segment, bytes);
            bytes[at] ^= 1;
            var report = Verify(root);
            Assert.Equal((ExitCode.Tampered, segment), (report.Exit, report.Finding!.File));
            Assert.NotNull(report.Finding.Leaf);
        }
    }

    [Fact]
    public void DataDirectory_WrittenAgainWithRightChecksums_IsFound()
    {
        List<byte[]> leaves = [.. SampleLedger.Small.Leaves];
        int index = leaves.FindLastIndex(leaf => leaf[1] == (byte)LeafKind.Event);
        leaves[index] = [.. leaves[index][..^1], (byte)(leaves[index][^1] ^ 1)];
        var report = Verify(WriteDataDirectory(leaves, SampleLedger.Small.Checkpoint()));
        Assert.Equal((ExitCode.Tampered, (long?)index), (report.Exit, report.Finding!.Leaf));
    }

    [Fact]
    public void DataDirectory_WhoseTailIsGone_IsTampering()
    {
        string root = WriteDataDirectory(SampleLedger.Small.Leaves, SampleLedger.Ledger.Checkpoint());
        var report = Verify(root);
        Assert.Equal((ExitCode.Tampered, "tail", (long?)SampleLedger.Small.Leaves.Count), (report.Exit, report.Finding!.Check, report.Finding.Leaf));
    }

    [Fact]
    public async Task LiveNode_IsVerifiedOverHttp()
    {
        var files = SampleLedger.Files(SampleLedger.Ledger);
        await using var server = await ServeAsync(path => files.GetValueOrDefault(path));
        var report = AuditProcess.RunJson("verify", server.Urls.Single(), "--policy", _temporary.WritePolicy());
        Assert.Equal("verified", report.GetProperty("result").GetString());
    }

    [Fact]
    public void HostileContents_NeverThrowAndNeverPass()
    {
        var good = SampleLedger.Files(SampleLedger.Small);
        string[] names = [.. good.Keys];
        byte[][] samples = [.. names.Select((name, i) => (byte[])[(byte)i, .. good[name]])];
        Fuzz.Run(output, samples, mutant =>
        {
            string name = names[mutant.Length == 0 ? 0 : mutant[0] % names.Length];
            byte[] content = mutant.Length == 0 ? [] : mutant[1..];
            var report = MemoryTiles.Verify(new SortedDictionary<string, byte[]>(good, StringComparer.Ordinal) { [name] = content });
            // A checkpoint may carry lines of unknown keys; anything else must be exactly what it was.
            if (report.Exit == ExitCode.Verified && name != "checkpoint")
                Assert.Equal(good[name], content);
        }, maxAllocatedBytes: 64 << 20);
    }

    private static AuditReport Verify(string path)
    {
        Assert.True(LogSources.TryOpen(path, null, out var source, out _));
        using (source)
            return new LedgerAudit(source, new AuditRequest { Policy = SampleLedger.Policy }).Run();
    }

    private string WriteDataDirectory(List<byte[]> leaves, Ledger.Tlog.SignedCheckpoint checkpoint)
    {
        using var directory = DataDirectory.Open(_temporary["node"]);
        using var log = SegmentLeafLog.Open(directory, 0);
        var block = new List<ReadOnlyMemory<byte>>();
        foreach (byte[] leaf in leaves)
        {
            block.Add(leaf);
            if (leaf[1] != (byte)LeafKind.Seal)
                continue;
            log.AppendBlock(block, [.. block.Select(l => Rfc6962.LeafHash(l.Span))]);
            block.Clear();
        }
        log.Flush();
        new CheckpointFile(directory).Save(checkpoint);
        return directory.Root;
    }

    /// <summary>A live node that answers as given; null is 404.</summary>
    internal static async Task<WebApplication> ServeAsync(Func<string, byte[]?> fetch)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapGet("/{**path}", (string path) => fetch(path) is { } bytes ? Results.Bytes(bytes) : Results.NotFound());
        await server.StartAsync();
        return server;
    }
}
