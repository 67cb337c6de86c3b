using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Tests.Tlog;

/// <summary>Policies of the test log and its cosigners.</summary>
internal static class TestPolicy
{
    public static TestLog Log { get; } = new();

    public static IReadOnlyList<VerifierKey> WitnessKeys(params int[] numbers) => [.. numbers.Select(number => TestLog.Cosigner(number).VerifierKey)];

    /// <summary>Lines in which $log and $1 to $9 stand for keys.</summary>
    public static string Policy(params string[] lines)
    {
        string text = string.Concat(lines.Select(line => line + "\n")).Replace("$log", Log.Signer.VerifierKey.ToString(), StringComparison.Ordinal);
        for (int i = 1; i <= 9; i++)
            text = text.Replace($"${i}", TestLog.Cosigner(i).VerifierKey.ToString(), StringComparison.Ordinal);
        return text;
    }

    public static TlogPolicy Parse(string text)
    {
        Assert.True(TlogPolicy.TryParse(TestLog.Utf8(text), out var policy, out var errors), string.Join('\n', errors));
        return policy;
    }
}
