using RxChain.Ledger.Tests.Format;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The tables of docs/CONTRACT.md against the contract. RXCHAIN_UPDATE_VECTORS=1 writes them anew: then read
/// each cell before you commit it.</summary>
public class StateTableTests
{
    public static TheoryData<string> Names => [.. StateTable.Tables.Select(table => table.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_EveryActInEveryState_HasTheOutcomeOfTheTable(string name)
    {
        string[] states = StateTable.Tables.Single(table => table.Name == name).States;
        List<string[]> actual = [["Act", "By", .. states]];
        foreach (var row in StateTable.Rows)
            actual.Add([row.Act, row.By, .. states.Select(state => StateTable.Cell(state, row.Event))]);
        if (VectorFile.Rewrite) ContractPage.Write(name, actual);
        string[][] expected = ContractPage.Table(name);
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void Page_EveryState_SaysHowItIsReached()
    {
        string section = ContractPage.Section("Every act in every state");
        foreach (string state in StateTable.Tables.SelectMany(table => table.States))
            Assert.Contains($"\n- **{state}**: ", section, StringComparison.Ordinal);
    }
}
