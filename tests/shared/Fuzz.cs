using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace RxChain.Testing;

/// <summary>
/// Seeded mutation fuzzing of a parser: mutates valid samples for a while and fails on an exception or on more
/// allocation than the parser may need. RXCHAIN_FUZZ_SECONDS (default 2) and RXCHAIN_FUZZ_SEED override.
/// </summary>
internal static class Fuzz
{
    /// <summary>
    /// Runs <paramref name="parse"/> on mutants. It must return normally whatever it is given, and check its own
    /// round trip when it accepts. <paramref name="maxAllocatedBytes"/> bounds one call, in addition to 64 bytes for each input byte.
    /// </summary>
    public static void Run(
        ITestOutputHelper output, IReadOnlyList<byte[]> samples, Action<byte[]> parse, long maxAllocatedBytes = 1 << 20)
    {
        int seed = Setting("RXCHAIN_FUZZ_SEED", Random.Shared.Next());
        output.WriteLine($"RXCHAIN_FUZZ_SEED={seed}");
        var random = new Random(seed);
        foreach (byte[] sample in samples)
            parse(sample);
        var clock = Stopwatch.StartNew();
        var limit = TimeSpan.FromSeconds(Setting("RXCHAIN_FUZZ_SECONDS", 2));
        long runs = 0;
        for (; clock.Elapsed < limit; runs++)
        {
            byte[] mutant = Mutate(samples, random);
            Check(parse, mutant, maxAllocatedBytes + 64L * mutant.Length, seed);
        }
        output.WriteLine($"{runs} mutants");
    }

    private static void Check(Action<byte[]> parse, byte[] mutant, long maxAllocatedBytes, int seed)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var thrown = Record.Exception(() => parse(mutant));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (thrown != null || allocated > maxAllocatedBytes)
            Assert.Fail($"seed {seed}, {allocated} bytes allocated, input {Convert.ToHexString(mutant)}: {thrown}");
    }

    private static byte[] Mutate(IReadOnlyList<byte[]> samples, Random random)
    {
        byte[] bytes = [.. samples[random.Next(samples.Count)]];
        for (int times = 1 + random.Next(4); times > 0; times--)
            bytes = MutateOnce(bytes, samples, random);
        return bytes;
    }

    private static byte[] MutateOnce(byte[] bytes, IReadOnlyList<byte[]> samples, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        int until = random.Next(at, Math.Min(bytes.Length, at + 64) + 1);
        byte[] other = samples[random.Next(samples.Count)];
        switch (random.Next(8))
        {
            case 0 when at < bytes.Length:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1 when at < bytes.Length:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[until..]];
            case 4:
                return [.. bytes[..until], .. bytes[at..]];
            case 5:
                return [.. bytes[..at], .. Interesting(random), .. bytes[at..]];
            case 6:
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
            default:
                return [.. bytes, .. Enumerable.Repeat((byte)random.Next(256), random.Next(100))];
        }
    }

    private static byte[] Interesting(Random random)
    {
        string[] texts = ["\n", "\n\n", " ", "\t", "\r", "0", "-1", "9223372036854775808", "+", "=", "— ", "\0", "none", "x000/"];
        byte[][] raw = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0, 0], [0xFF, 0xFF], [0x80, 0, 0, 0]];
        int choice = random.Next(texts.Length + raw.Length);
        return choice < texts.Length ? System.Text.Encoding.UTF8.GetBytes(texts[choice]) : raw[choice - texts.Length];
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value
            : otherwise;
}
