using RxChain.Ledger.Keys;

namespace RxChain.Ledger.Tests.Keys;

/// <summary>Public keys imported in both ways, by libcrypto and by .NET, which must always agree.</summary>
internal static class P256Ways
{
    public static bool TryImport(byte[] sec1, out string? error)
    {
        bool taken = P256PublicKey.TryImport(sec1, native: true, out var native, out error);
        Assert.Equal(taken, P256PublicKey.TryImport(sec1, native: false, out var dotNet, out string? otherError));
        Assert.Equal(error, otherError);
        native?.Dispose();
        dotNet?.Dispose();
        return taken;
    }

    public static bool Verify(byte[] sec1, byte[] message, byte[] signature)
    {
        Assert.True(P256PublicKey.TryImport(sec1, native: true, out var native, out string? error), error);
        Assert.True(P256PublicKey.TryImport(sec1, native: false, out var dotNet, out error), error);
        using (native)
        using (dotNet)
        {
            bool verified = native.Verify(message, signature);
            Assert.Equal(verified, dotNet.Verify(message, signature));
            return verified;
        }
    }
}
