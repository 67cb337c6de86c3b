using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Sources;

namespace RxChain.SystemTests.Audit;

/// <summary>A tile directory in memory.</summary>
internal sealed class MemoryTiles(IReadOnlyDictionary<string, byte[]> files) : TileLog("memory")
{
    /// <summary>Verifies it under the network's policy.</summary>
    public static AuditReport Verify(IReadOnlyDictionary<string, byte[]> files, AuditRequest? request = null)
    {
        using var source = new MemoryTiles(files);
        return new LedgerAudit(source, request ?? new AuditRequest { Policy = SampleLedger.Policy }).Run();
    }

    protected override (byte[]? Bytes, Finding? Problem) Fetch(string path, int maxBytes) => (files.GetValueOrDefault(path), null);

    protected override string Show(string path) => path;
}
