using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace RxChain.Testing;

/// <summary>Seeds of a randomised test: a fixed number of them, or as many as fit into RXCHAIN_FUZZ_SECONDS.</summary>
internal static class SeededRuns
{
    /// <summary>Seeds 0, 1, 2 …; with a time limit, from a random start. Each is printed before it is used.</summary>
    public static IEnumerable<int> Seeds(ITestOutputHelper output, int quick)
    {
        double seconds = double.TryParse(
            Environment.GetEnvironmentVariable("RXCHAIN_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out double value) ? value : 0;
        var clock = Stopwatch.StartNew();
        int first = seconds > 0 ? Random.Shared.Next(1 << 30) : 0;
        for (int i = 0; i < quick || clock.Elapsed.TotalSeconds < seconds; i++)
        {
            output.WriteLine($"seed {first + i}");
            yield return first + i;
        }
    }
}
