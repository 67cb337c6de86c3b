using System.Text.Json;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.SystemTests.Audit;

public sealed class TraceTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Trace_TellsEveryEventAndRefusal()
    {
        var report = Trace(Id("rx-0"), "--policy", _temporary.WritePolicy());
        var story = report.GetProperty("prescription");
        Assert.Equal(("Completed", true), (story.GetProperty("status").GetString(), story.GetProperty("complete").GetBoolean()));
        var steps = story.GetProperty("steps").EnumerateArray().Select(Text).ToArray();
        Assert.Equal(
        [
            "Issue Accepted 30", "Claim Accepted 30", "Dispense UnitsExceeded 30", "Claim ClaimNumberWrong 30",
            "Dispense Accepted 20", "Dispense Accepted 0",
        ], steps);
    }

    [Fact]
    public void Trace_WithoutPolicy_SaysThatNobodyVouches()
    {
        var report = Trace(Id("rx-1"));
        Assert.Contains("no --policy", report.GetProperty("notChecked")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Trace_OfAnUnknownId_ProvesThatThereIsNothing()
    {
        var story = Trace(Id("nobody's")).GetProperty("prescription");
        Assert.Equal(("NotOnTheLedger", 0), (story.GetProperty("status").GetString(), story.GetProperty("events").GetInt32()));
    }

    [Fact]
    public void Trace_ForPeople_IsATable()
    {
        var (exitCode, output, _) = AuditProcess.Run("trace", Tiles(), Id("rx-0"));
        Assert.Equal(0, exitCode);
        Assert.Contains("units left", output, StringComparison.Ordinal);
        Assert.Contains("UnitsExceeded", output, StringComparison.Ordinal);
    }

    private static string Text(JsonElement step) =>
        $"{step.GetProperty("act")} {step.GetProperty("outcome")} {string.Join(',', step.GetProperty("unitsLeft").EnumerateArray())}";

    private static string Id(string name) => Convert.ToHexStringLower(Story.Id(name).Span);

    private JsonElement Trace(params string[] arguments) => AuditProcess.RunJson(["trace", Tiles(), .. arguments]);

    private string Tiles() => SampleLedger.Write(_temporary["tiles"], SampleLedger.Files(SampleLedger.Small));
}
