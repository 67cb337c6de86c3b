using System.Text.Json;
using RxChain.Testing;

namespace RxChain.Ledger.Tests.Keys;

/// <summary>Reads Wycheproof files: each test with the key of its group.</summary>
internal static class Wycheproof
{
    public static IEnumerable<(JsonElement Key, JsonElement Test)> Read(string file)
    {
        var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Locate("vectors", "wycheproof", file)));
        int count = 0;
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                count++;
                yield return (group.GetProperty("publicKey"), test);
            }
        }
        Assert.Equal(document.RootElement.GetProperty("numberOfTests").GetInt32(), count);
    }

    public static byte[] Bytes(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    /// <summary>Fails with every test whose verdict differs, by id and comment.</summary>
    public static void AssertVerdicts(string file, Func<JsonElement, byte[], byte[], bool> verify)
    {
        var differing = Read(file)
            .Where(one => verify(one.Key, one.Test.Bytes("msg"), one.Test.Bytes("sig")) != (one.Test.GetProperty("result").GetString() == "valid"))
            .Select(one => $"{one.Test.GetProperty("tcId")}: {one.Test.GetProperty("comment")} ({one.Test.GetProperty("result")})");
        Assert.Empty(differing);
    }
}
