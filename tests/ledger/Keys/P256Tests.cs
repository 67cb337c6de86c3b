using System.Security.Cryptography;
using RxChain.Ledger.Keys;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Keys;

public class P256Tests(ITestOutputHelper output)
{
    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    [SharedDataFact]
    public void Verify_WycheproofP1363_AgreesWithEveryVerdict() => Wycheproof.AssertVerdicts(
        "ecdsa_secp256r1_sha256_p1363_test.json", (key, message, signature) => P256Ways.Verify(key.Bytes("uncompressed"), message, signature));

    [SharedDataFact]
    public void Verify_WycheproofDer_AgreesWithEveryVerdict() => Wycheproof.AssertVerdicts(
        "ecdsa_secp256r1_sha256_test.json", (key, message, der) =>
        {
            byte[] signature = new byte[P256.SignatureBytes];
            return P256.TryConvertDer(der, signature) && P256Ways.Verify(key.Bytes("uncompressed"), message, signature);
        });

    [SharedDataFact]
    public void TryNormalizeLowS_ValidWycheproofSignature_StillVerifiesAndHasOneForm()
    {
        foreach (var (key, test) in Wycheproof.Read("ecdsa_secp256r1_sha256_p1363_test.json"))
        {
            byte[] signature = test.Bytes("sig");
            if (test.GetProperty("result").GetString() != "valid")
                continue;
            Assert.True(P256.TryNormalizeLowS(signature));
            Assert.True(P256.IsLowS(signature));
            Assert.True(P256Ways.Verify(key.Bytes("uncompressed"), test.Bytes("msg"), signature));
        }
    }

    [Fact]
    public void Sign_ManyMessages_IsLowSAndVerifies()
    {
        using var key = P256PrivateKey.Generate();
        for (int i = 0; i < 50; i++)
        {
            byte[] signature = key.Sign([(byte)i]);
            Assert.True(P256.IsLowS(signature));
            Assert.True(key.PublicKey.Verify([(byte)i], signature));
            Assert.True(key.PublicKey.VerifyDigest(Hash32.Sha256([(byte)i]), signature));
            Assert.False(key.PublicKey.Verify([(byte)(i + 1)], signature));
            HighS(signature).CopyTo(signature, 0);
            Assert.False(P256.IsLowS(signature));
            Assert.True(key.PublicKey.Verify([(byte)i], signature));
        }
    }

    [Fact]
    public void IsInRange_ZeroOrOrder_IsFalse()
    {
        byte[] one = [.. new byte[31], 1];
        Assert.True(P256.IsInRange([.. one, .. one]));
        Assert.False(P256.IsInRange([.. new byte[32], .. one]));
        Assert.False(P256.IsInRange([.. one, .. new byte[32]]));
        Assert.False(P256.IsInRange([.. Order, .. one]));
        Assert.False(P256.IsInRange([.. one, .. Order]));
        Assert.False(P256.IsInRange([.. one, .. one, 0]));
        Assert.False(P256.IsInRange([]));
        Assert.False(P256.TryNormalizeLowS(new byte[64]));
    }

    [Fact]
    public void IsLowS_HalfOrder_IsTheLast()
    {
        byte[] half = Convert.FromHexString("7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8");
        byte[] r = [.. new byte[31], 1];
        Assert.True(P256.IsLowS([.. r, .. half]));
        half[31]++;
        Assert.False(P256.IsLowS([.. r, .. half]));
        byte[] signature = [.. r, .. half];
        Assert.True(P256.TryNormalizeLowS(signature));
        half[31]--;
        Assert.Equal([.. r, .. half], signature);
    }

    [Fact]
    public void TryImport_HostilePoints_AreRefused()
    {
        using var key = P256PrivateKey.Generate();
        byte[] point = key.PublicKey.Encoded.ToArray();
        byte[] prime = Convert.FromHexString("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
        AssertRefused([]);
        AssertRefused([0]);
        AssertRefused(point[..^1]);
        AssertRefused([.. point, 0]);
        AssertRefused([0x02, .. point[1..33]]);
        AssertRefused([0x06, .. point[1..]]);
        AssertRefused([0x04, .. new byte[64]]);
        AssertRefused([0x04, .. point[1..64], (byte)(point[64] ^ 1)]);
        AssertRefused([0x04, .. prime, .. point[33..]]);
        AssertRefused([0x04, .. point[1..33], .. Enumerable.Repeat((byte)0xFF, 32)]);
        Assert.True(P256PublicKey.TryImport(point, out var imported, out _));
        Assert.Equal(key.PublicKey, imported);
    }

    [Fact]
    public void TryImportPkcs8_ExportedKey_SignsForTheSamePublicKey()
    {
        using var key = P256PrivateKey.Generate();
        byte[] pkcs8 = key.ExportPkcs8();
        Assert.True(P256PrivateKey.TryImportPkcs8(pkcs8, out var again, out _));
        Assert.True(key.PublicKey.Verify("x"u8, again.Sign("x"u8)));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        foreach (byte[] bad in new[] { [], pkcs8[..^1], [.. pkcs8, 0], other.ExportPkcs8PrivateKey(), rsa.ExportPkcs8PrivateKey() })
        {
            Assert.False(P256PrivateKey.TryImportPkcs8(bad, out _, out string? error));
            Assert.NotEmpty(error);
        }
        again.Dispose();
    }

    [Fact]
    public async Task Verify_OneKeyOnManyThreads_IsRight()
    {
        using var key = P256PrivateKey.Generate();
        byte[] good = key.Sign("x"u8), bad = [.. good[..63], (byte)(good[63] ^ 1)];
        var runs = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 500).All(_ => key.PublicKey.Verify("x"u8, good) && !key.PublicKey.Verify("x"u8, bad))));
        Assert.All(await Task.WhenAll(runs), Assert.True);
    }

    [Fact]
    public void TryImport_Fuzzed_NeverThrows()
    {
        using var key = P256PrivateKey.Generate();
        Fuzz.Run(output, [key.PublicKey.Encoded.ToArray()], bytes =>
        {
            if (P256PublicKey.TryImport(bytes, out var imported, out _))
                imported.Dispose();
        });
    }

    [Fact]
    public void TryConvertDer_Fuzzed_NeverThrows()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] der = key.SignData("x"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Fuzz.Run(output, [der], bytes =>
        {
            byte[] signature = new byte[P256.SignatureBytes];
            Assert.Equal(P256.TryConvertDer(bytes, signature), P256.IsInRange(signature) && P256.TryConvertDer(bytes, signature));
        });
    }

    private static void AssertRefused(byte[] sec1)
    {
        Assert.False(P256Ways.TryImport(sec1, out string? error));
        Assert.NotEmpty(error!);
    }

    private static byte[] HighS(byte[] signature)
    {
        byte[] high = [.. signature];
        int borrow = 0;
        for (int i = 31; i >= 0; i--)
        {
            int digit = Order[i] - signature[32 + i] - borrow;
            borrow = digit < 0 ? 1 : 0;
            high[32 + i] = (byte)digit;
        }
        return high;
    }
}
