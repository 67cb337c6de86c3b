using System.Security.Cryptography;
using RxChain.Ledger.Native;
using RxChain.Ledger.Tests.Contract;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Native;

public class NativeSha256Tests(ITestOutputHelper output)
{
    [Fact]
    public void IsSupported_OnLinux_IsTrue()
    {
        if (OperatingSystem.IsLinux())
            Assert.True(NativeSha256.IsSupported, "libcrypto.so.3 is not the OpenSSL that .NET uses here");
    }

    [NativeFact]
    public void HashData_EveryLengthAroundTheBlocks_IsThatOfDotNet()
    {
        byte[] data = new byte[100_000];
        new Random(FuzzRun.Seed(output)).NextBytes(data);
        foreach (int length in Enumerable.Range(0, 600).Append(data.Length))
        {
            // One byte more on each side, so that a write beyond the 32 shows.
            byte[] hash = [.. Enumerable.Repeat((byte)0xA5, 34)];
            NativeSha256.HashData(data.AsSpan(0, length), hash.AsSpan(1, 32));
            Assert.Equal([0xA5, .. SHA256.HashData(data.AsSpan(0, length)), 0xA5], hash);
        }
    }

    [NativeFact]
    public void HashData_HashShorterThan32Bytes_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NativeSha256.HashData("x"u8, new byte[31]));

    [NativeFact]
    public async Task HashData_OnManyThreads_IsRight()
    {
        var runs = Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            byte[] data = new byte[100 + thread], hash = new byte[32], expected = SHA256.HashData(data);
            return Enumerable.Range(0, 20_000).All(_ =>
            {
                NativeSha256.HashData(data, hash);
                return hash.AsSpan().SequenceEqual(expected);
            });
        }));
        Assert.All(await Task.WhenAll(runs), Assert.True);
    }
}
