using System.Security.Cryptography;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tests.Contract;
using RxChain.Ledger.Tests.Native;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Keys;

/// <summary>libcrypto called directly and .NET agree, whatever they are given.</summary>
public class NativeP256KeyTests(ITestOutputHelper output)
{
    private static readonly byte[] Prime = Convert.FromHexString("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");

    // y of the point with x = 0: the square root of b.
    private static readonly byte[] RootOfB = Convert.FromHexString("66485C780E2F83D72433BD5D84A06BB6541C2AF31DAE871728BF856A174F93F4");

    [Fact]
    public void IsSupported_OnLinux_IsTrue()
    {
        if (OperatingSystem.IsLinux())
            Assert.True(NativeP256Key.IsSupported, "libcrypto.so.3 is not the OpenSSL that .NET uses here");
    }

    [NativeFact]
    public void Import_CoordinateNotBelowThePrime_IsRefused()
    {
        AssertTaken(true, [0x04, .. new byte[32], .. RootOfB]);
        AssertTaken(false, [0x04, .. Prime, .. RootOfB]);
        AssertTaken(false, [0x04, .. new byte[32], .. Enumerable.Repeat((byte)0xFF, 32)]);
        AssertTaken(false, [0x04, .. new byte[64]]);
    }

    [NativeFact]
    public void Import_RandomPoints_AsDotNetDecides()
    {
        var random = new Random(FuzzRun.Seed(output));
        using var key = P256PrivateKey.Generate();
        byte[] good = key.PublicKey.Encoded.ToArray();
        for (int i = 0; i < 2_000; i++)
        {
            byte[] point = [.. good];
            if (i % 2 == 0)
                random.NextBytes(point.AsSpan(1));
            else
                point[random.Next(1, point.Length)] ^= (byte)(1 << random.Next(8));
            AssertTaken(false, point);
        }
        AssertTaken(true, good);
    }

    [NativeFact]
    public void VerifyDigest_EveryLengthOfInteger_AsDotNetDecides()
    {
        var random = new Random(FuzzRun.Seed(output));
        using var key = P256PrivateKey.Generate();
        byte[] point = key.PublicKey.Encoded.ToArray(), signature = new byte[P256.SignatureBytes];
        for (int i = 0; i < 1_000; i++)
        {
            random.NextBytes(signature);
            signature.AsSpan(0, random.Next(32)).Clear();
            signature.AsSpan(32, random.Next(32)).Clear();
            P256Ways.Verify(point, [(byte)i], signature);
        }
    }

    // One signature in 128 has an r or s of fewer than 32 bytes, one in two an r whose first bit is set.
    [NativeFact]
    public void VerifyDigest_ManySignatures_VerifyAndSpoiltOnesDoNot()
    {
        var random = new Random(FuzzRun.Seed(output));
        using var key = P256PrivateKey.Generate();
        byte[] point = key.PublicKey.Encoded.ToArray();
        for (int i = 0; i < 2_000; i++)
        {
            byte[] message = BitConverter.GetBytes(i), signature = key.Sign(message);
            Assert.True(P256Ways.Verify(point, message, signature));
            signature[random.Next(signature.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(P256Ways.Verify(point, message, signature));
        }
    }

    private static void AssertTaken(bool taken, byte[] point)
    {
        using var native = NativeP256Key.Import(point);
        Assert.Equal(taken, native is not null);
        Assert.Equal(taken, IsTakenByDotNet(point));
        Assert.Equal(taken, P256PublicKey.CheckPoint(point) is null);
    }

    private static bool IsTakenByDotNet(byte[] point)
    {
        try
        {
            ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[1..33], Y = point[33..] },
            }).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
