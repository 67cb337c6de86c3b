using RxChain.Auditor.Findings;

namespace RxChain.Auditor.Sources;

/// <summary>An exported tile directory.</summary>
internal sealed class TileDirectory(string root) : TileLog(root)
{
    protected override (byte[]? Bytes, Finding? Problem) Fetch(string path, int maxBytes) =>
        BoundedFile.Read(Show(path), maxBytes);

    protected override string Show(string path) => Path.Combine(Name, path);
}
