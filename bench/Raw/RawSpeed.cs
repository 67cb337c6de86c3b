using System.Diagnostics;
using System.Security.Cryptography;
using RxChain.Ledger;
using RxChain.Ledger.Keys;

namespace RxChain.Bench.Raw;

/// <summary>What this machine can do without a ledger.</summary>
/// <param name="Verifications">P-256 verifications a second by our own code, all cores, keys imported before.</param>
/// <param name="Platform">The same by .NET's ECDsa.</param>
/// <param name="Imports">P-256 public keys imported a second, all cores.</param>
/// <param name="Flushes">Appends of 4 KiB with fsync a second, one after the other.</param>
internal sealed record RawSpeed(CryptoSpeed Verifications, CryptoSpeed Platform, CryptoSpeed Imports, double Flushes)
{
    private const int Keys = 64;
    private const int AppendBytes = 4096;

    public static RawSpeed Measure(string directory, double seconds)
    {
        var signed = Enumerable.Range(0, Keys).Select(_ => new SignedDigest()).ToArray();
        Verify(signed, seconds / 4);
        var speed = new RawSpeed(Verify(signed, seconds), VerifyByPlatform(signed, seconds), Import(signed, seconds), Flush(directory, seconds));
        foreach (var one in signed)
            one.Dispose();
        return speed;
    }

    public static RawSpeed Mean(RawSpeed a, RawSpeed b) => new(
        CryptoSpeed.Mean(a.Verifications, b.Verifications), CryptoSpeed.Mean(a.Platform, b.Platform),
        CryptoSpeed.Mean(a.Imports, b.Imports), (a.Flushes + b.Flushes) / 2);

    private static CryptoSpeed Verify(SignedDigest[] signed, double seconds) => OnAllCores(seconds, i =>
    {
        var one = signed[i % Keys];
        if (!one.Key.PublicKey.VerifyDigest(one.Digest, one.Signature))
            throw new InvalidOperationException("A good signature did not verify.");
    });

    private static CryptoSpeed VerifyByPlatform(SignedDigest[] signed, double seconds) => OnAllCores(seconds, i =>
    {
        var one = signed[i % Keys];
        if (!one.PlatformKey.VerifyHash(one.Digest.Span, one.Signature))
            throw new InvalidOperationException("A good signature did not verify.");
    });

    private static CryptoSpeed Import(SignedDigest[] signed, double seconds) => OnAllCores(seconds, i =>
    {
        if (!P256PublicKey.TryImport(signed[i % Keys].Key.PublicKey.Encoded, out var key, out string? error))
            throw new InvalidOperationException(error);
        key.Dispose();
    });

    private static CryptoSpeed OnAllCores(double seconds, Action<int> work)
    {
        long done = 0;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            int count = 0;
            for (; clock.Elapsed.TotalSeconds < seconds; count++)
                work(count);
            Interlocked.Add(ref done, count);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        return new CryptoSpeed(done / clock.Elapsed.TotalSeconds, cpu.TotalMicroseconds / done);
    }

    private static double Flush(string directory, double seconds)
    {
        string path = Path.Combine(directory, "flushes");
        byte[] bytes = new byte[AppendBytes];
        int count = 0;
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.DeleteOnClose);
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed.TotalSeconds < seconds; count++)
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        return count / clock.Elapsed.TotalSeconds;
    }

    private sealed class SignedDigest : IDisposable
    {
        public SignedDigest()
        {
            Signature = Key.SignDigest(Digest);
            var point = Key.PublicKey.Encoded[1..];
            PlatformKey = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[..32].ToArray(), Y = point[32..].ToArray() },
            });
        }

        public P256PrivateKey Key { get; } = P256PrivateKey.Generate();

        public Hash32 Digest { get; } = Hash32.Sha256(Guid.NewGuid().ToByteArray());

        public byte[] Signature { get; }

        public ECDsa PlatformKey { get; }

        public void Dispose()
        {
            Key.Dispose();
            PlatformKey.Dispose();
        }
    }
}

/// <summary>How fast one operation is.</summary>
/// <param name="PerSecond">On all cores together.</param>
/// <param name="CpuMicroseconds">CPU of one; unlike the speed, hardly changed by what else runs on the machine.</param>
internal sealed record CryptoSpeed(double PerSecond, double CpuMicroseconds)
{
    public static CryptoSpeed Mean(CryptoSpeed a, CryptoSpeed b) =>
        new((a.PerSecond + b.PerSecond) / 2, (a.CpuMicroseconds + b.CpuMicroseconds) / 2);
}
