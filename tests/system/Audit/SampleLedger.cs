using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.SystemTests.Audit;

/// <summary>
/// A ledger of a few hundred leaves: full lifecycles, refusals, duplicates, cancellations by the patient, empty batches.
/// Built once; what tests change are copies of its files.
/// </summary>
internal static class SampleLedger
{
    private static readonly Lazy<TestLedger> Built = new(() => Build(60));
    private static readonly Lazy<TestLedger> SmallBuilt = new(() => Build(3));

    /// <summary>The ledger.</summary>
    public static TestLedger Ledger => Built.Value;

    /// <summary>Fewer leaves of the same kinds.</summary>
    public static TestLedger Small => SmallBuilt.Value;

    /// <summary>Text of the policy that its genesis has too.</summary>
    public static string PolicyText => FixedNetwork.Genesis().QuorumText;

    /// <summary>That policy.</summary>
    public static TlogPolicy Policy
    {
        get
        {
            Assert.True(TlogPolicy.TryParse(System.Text.Encoding.UTF8.GetBytes(PolicyText), out var policy, out var errors), string.Join(";", errors));
            return policy;
        }
    }

    /// <summary>Its files, with the checkpoint.</summary>
    public static SortedDictionary<string, byte[]> Files(TestLedger ledger) => Files(ledger.Leaves, ledger.Checkpoint());

    /// <summary>Files of a log with these leaves.</summary>
    public static SortedDictionary<string, byte[]> Files(IReadOnlyList<byte[]> leaves, SignedCheckpoint checkpoint)
    {
        var files = TileFiles.Of(leaves);
        files["checkpoint"] = checkpoint.ToBytes();
        return files;
    }

    /// <summary>Writes files below a directory.</summary>
    public static string Write(string directory, SortedDictionary<string, byte[]> files)
    {
        foreach (var (name, bytes) in files)
        {
            string path = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
        return directory;
    }

    private static TestLedger Build(int prescriptions)
    {
        var ledger = TestLedger.WithPeople();
        for (int i = 0; i < prescriptions; i++)
        {
            string rx = $"rx-{i}";
            var story = ledger.Story;
            story.NowMs = ledger.ClockMs;
            var issue = story.Issue(rx);
            if (i % 5 == 4)
            {
                ledger.Block(issue, story.PatientCancel(rx));
                continue;
            }
            var claim = story.Claim(rx);
            ledger.Block(issue, claim);
            // Refused: too many units; claimed a second time. Neither is followed by what comes next.
            var tooMany = story.Dispense(rx, 31);
            story.Forget(rx);
            var second = story.Claim(rx, FixedNetwork.PharmacyB);
            story.Forget(rx);
            ledger.Block(tooMany, issue, second, story.Dispense(rx, 10, $"pack {i}"));
            ledger.Block(claim, i % 2 == 0 ? story.Dispense(rx, 20) : story.Close(rx));
            if (i % 10 == 0)
                ledger.Block();
            if (i == 1)
                ledger.Recover();
        }
        return ledger;
    }
}
