using RxChain.Ledger.Keys;
using RxChain.Testing;

namespace RxChain.Ledger.Tests.Keys;

public class Ed25519Tests
{
    [SharedDataFact]
    public void Verify_Wycheproof_AgreesWithEveryVerdict() => Wycheproof.AssertVerdicts(
        "ed25519_test.json", (key, message, signature) => Ed25519.Verify(key.Bytes("pk"), message, signature));

    // RFC 8032, section 7.1: seed, public key, message, signature.
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    public void Sign_Rfc8032Vectors_GivesTheSignature(string seed, string publicKey, string message, string signature)
    {
        using var key = new Ed25519PrivateKey(Convert.FromHexString(seed));
        Assert.Equal(publicKey, key.PublicKey.ToString());
        Assert.Equal(signature, Convert.ToHexStringLower(key.Sign(Convert.FromHexString(message))));
        Assert.True(key.PublicKey.Verify(Convert.FromHexString(message), Convert.FromHexString(signature)));
    }

    [Fact]
    public void Verify_AnyFlippedBitOrMalleatedS_IsRefused()
    {
        using var key = new Ed25519PrivateKey(new byte[32]);
        byte[] signature = key.Sign("x"u8);
        for (int bit = 0; bit < 512; bit++)
        {
            byte[] flipped = [.. signature];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(key.PublicKey.Verify("x"u8, flipped));
        }
        Assert.False(key.PublicKey.Verify("x"u8, PlusOrder(signature)));
        Assert.False(key.PublicKey.Verify("x"u8, [.. signature, 0]));
        Assert.False(key.PublicKey.Verify("x"u8, signature.AsSpan(..63)));
    }

    // The eight points of small order, in canonical and non-canonical encodings; then p itself, and a point off the curve.
    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    [InlineData("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")]
    public void TryImport_SmallOrderOrNonCanonicalKey_IsRefused(string encoded) =>
        Assert.False(Ed25519PublicKey.TryImport(Convert.FromHexString(encoded), out _));

    [Fact]
    public void TryImport_WrongLength_IsRefused()
    {
        Assert.False(Ed25519PublicKey.TryImport([], out _));
        Assert.False(Ed25519PublicKey.TryImport(new byte[31], out _));
        Assert.False(Ed25519PublicKey.TryImport(new byte[33], out _));
    }

    [Fact]
    public void Generate_TwoKeys_DifferAndExportTheirSeed()
    {
        using var one = Ed25519PrivateKey.Generate();
        using var two = Ed25519PrivateKey.Generate();
        using var again = new Ed25519PrivateKey(one.ExportSeed());
        Assert.NotEqual(one.PublicKey, two.PublicKey);
        Assert.Equal(one.PublicKey, again.PublicKey);
    }

    [Fact]
    public void Sign_AfterDispose_Throws()
    {
        var key = new Ed25519PrivateKey(new byte[32]);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign([]));
    }

    private static byte[] PlusOrder(byte[] signature)
    {
        byte[] order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        byte[] sum = [.. signature];
        int carry = 0;
        for (int i = 0; i < 32; i++)
        {
            carry += sum[32 + i] + order[i];
            sum[32 + i] = (byte)carry;
            carry >>= 8;
        }
        return sum;
    }
}
