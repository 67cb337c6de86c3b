using System.Text.RegularExpressions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>docs/CONTRACT.md leaves nothing out and invents nothing.</summary>
public partial class ContractPageTests
{
    private static IEnumerable<string> Acts => Event.Descriptor.Oneofs.Single().Fields.Select(act => act.MessageType.Name);

    [Fact]
    public void Rules_EveryAct_HasARow() => Assert.Equal(Acts.Order(), ContractPage.FirstCells("Every act")
        .Where(cell => cell != "Act" && !cell.StartsWith("...", StringComparison.Ordinal))
        .SelectMany(cell => cell.Split(", ")).Order());

    [Fact]
    public void Stories_EveryAct_HasOneOfThreeToSixSentences()
    {
        string[] stories = ContractPage.Section("Stories").Split("\n### ")[1..];
        Assert.Equal(Acts, stories.Select(story => story.Split('\n')[0]));
        Assert.All(stories, story => Assert.InRange(Sentence().Count(story.Split('\n', 2)[1]), 3, 6));
    }

    [Fact]
    public void Refusals_EveryOutcome_HasARowInOrder()
    {
        var expected = Enum.GetValues<Outcome>().Where(outcome => outcome != Outcome.Accepted)
            .Select(outcome => (((int)outcome).ToString(System.Globalization.CultureInfo.InvariantCulture), ContractPage.NameOf(outcome)));
        string[][] rows = ContractPage.Table("refusals")[1..];
        Assert.Equal(expected, rows.Select(row => (row[0], row[1])));
        Assert.All(rows, row => Assert.True(row.Length == 4 && row[2].Length > 0 && row[3].Length > 0, row[1]));
    }

    [GeneratedRegex(@"[.?!](?=\s|$)")]
    private static partial Regex Sentence();
}
