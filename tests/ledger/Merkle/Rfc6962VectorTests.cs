using System.Text.Json;
using RxChain.Ledger.Merkle;
using RxChain.Testing;

namespace RxChain.Ledger.Tests.Merkle;

/// <summary>The proof vectors of transparency-dev/merkle: one JSON file a case.</summary>
public class Rfc6962VectorTests
{
    public static TheoryData<string> Inclusion => Files("inclusion");

    public static TheoryData<string> Consistency => Files("consistency");

    [SharedDataTheory]
    [MemberData(nameof(Inclusion))]
    public void VerifyInclusion_Vector_SaysWhatTheVectorSays(string file)
    {
        var vector = Read(file);
        bool valid = Hash32.TryCreate(vector.GetProperty("root").GetBytesFromBase64(), out var root)
            & Hash32.TryCreate(vector.GetProperty("leafHash").GetBytesFromBase64(), out var leafHash)
            & TryProof(vector, out var proof)
            && MerkleVerifier.VerifyInclusion(Number(vector, "leafIdx"), Number(vector, "treeSize"), leafHash, proof, root);
        Assert.Equal(!vector.GetProperty("wantErr").GetBoolean(), valid);
    }

    [SharedDataTheory]
    [MemberData(nameof(Consistency))]
    public void VerifyConsistency_Vector_SaysWhatTheVectorSays(string file)
    {
        var vector = Read(file);
        bool valid = Hash32.TryCreate(vector.GetProperty("root1").GetBytesFromBase64(), out var oldRoot)
            & Hash32.TryCreate(vector.GetProperty("root2").GetBytesFromBase64(), out var newRoot)
            & TryProof(vector, out var proof)
            && MerkleVerifier.VerifyConsistency(Number(vector, "size1"), Number(vector, "size2"), oldRoot, newRoot, proof);
        Assert.Equal(!vector.GetProperty("wantErr").GetBoolean(), valid);
    }

    private static TheoryData<string> Files(string kind)
    {
        var files = new TheoryData<string>();
        if (SharedData.Root == null)
        {
            files.Add("absent");
            return files;
        }
        string folder = SharedData.Locate("vectors", "rfc6962");
        foreach (string path in Directory.EnumerateFiles(Path.Combine(folder, kind), "*.json", SearchOption.AllDirectories).Order())
            files.Add(Path.GetRelativePath(folder, path));
        return files;
    }

    private static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(SharedData.Locate("vectors", "rfc6962", file))).RootElement;

    // The vectors' numbers are u64; beyond 2^63 - 1 they are negative here, and refused as such.
    private static long Number(JsonElement vector, string name) => unchecked((long)vector.GetProperty(name).GetUInt64());

    private static bool TryProof(JsonElement vector, out Hash32[] proof)
    {
        var property = vector.GetProperty("proof");
        var hashes = property.ValueKind == JsonValueKind.Null ? [] : property.EnumerateArray().Select(one => one.GetBytesFromBase64()).ToList();
        proof = [.. hashes.Where(one => one.Length == Hash32.SizeBytes).Select(one => new Hash32(one))];
        return proof.Length == hashes.Count;
    }
}
