using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Tests.Fixtures;

/// <summary>A log as files: checkpoint, hash tiles, entry bundles.</summary>
internal static class Published
{
    /// <summary>Files of these leaves, under a checkpoint that a quorum, or those named, signed whatever the leaves say.</summary>
    public static SortedDictionary<string, byte[]> Files(IReadOnlyList<byte[]> leaves, params string[] signers)
    {
        var files = TileFiles.Of(leaves);
        var tree = new MerkleFrontier();
        foreach (byte[] leaf in leaves)
            tree.Append(Rfc6962.LeafHash(leaf));
        var checkpoint = new Checkpoint(FixedNetwork.Origin, tree.Size, tree.Root);
        string[] names = signers.Length > 0 ? signers : FixedNetwork.Validators[..3];
        files["checkpoint"] = FixedNetwork.Sign(checkpoint, 1_800_000_100, names).ToBytes();
        return files;
    }

    /// <summary>Writes files below a directory.</summary>
    public static void Write(string directory, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        foreach (var (name, bytes) in files)
        {
            string path = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }
}
