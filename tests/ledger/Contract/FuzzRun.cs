using System.Globalization;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Seed and length of a random test. RXCHAIN_FUZZ_SEED repeats one, RXCHAIN_FUZZ_SECONDS lengthens it.</summary>
internal static class FuzzRun
{
    public static TimeSpan Duration =>
        TimeSpan.FromSeconds(Variable("RXCHAIN_FUZZ_SECONDS") ?? 2);

    public static int Seed(ITestOutputHelper output)
    {
        int seed = Variable("RXCHAIN_FUZZ_SEED") ?? Random.Shared.Next(1_000_000_000);
        output.WriteLine($"seed {seed}");
        return seed;
    }

    private static int? Variable(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : null;
}
