using System.Text.Json;
using Google.Protobuf;
using RxChain.Grpc.Tests.Services;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.Events;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.SystemTests.Audit;

/// <summary>Traces of the rarer acts: a line each, and how the prescription stood after it.</summary>
public sealed class RareTraceTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly RareLedger _ledger = new();

    public void Dispose()
    {
        _ledger.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task Trace_SuppliesAndMoney_TellsUnitsLeftAndMarks()
    {
        var id = Drafts.NewId();
        await _ledger.DoAsync(Drafts.Issue(id));
        var claim = Drafts.Claim(id);
        claim.Claim.Override = new OverrideAuthority { ReasonCode = 1 };
        await _ledger.DoAsync(claim);
        var pack = Drafts.Pack(content: 8, taken: 8);
        var supply = await _ledger.DoAsync(Drafts.Dispense(id, 6, "insurer", pack));
        await _ledger.DoAsync(Drafts.Dispense(id, 5));
        await _ledger.DoAsync(Drafts.Settle(id, supply));
        var late = Drafts.RecordSupply(id, 7);
        late.RecordSupply.Items[0].Packs.Add(pack);
        late.TimeMs = _ledger.Read(id).ClaimFromMs + 1;
        await _ledger.DoAsync(late);
        await _ledger.DoAsync(Drafts.Reverse(id, supply, Kind.Returned));

        var traced = Trace(id);

        Assert.Equal(
        [
            "Issue Accepted Active 10", "Claim Accepted Claimed 10 ClaimOverride", "Dispense Accepted Claimed 4",
            "Dispense UnitsExceeded Claimed 4", "Settle Accepted Claimed 4",
            "RecordSupply Accepted Completed 0 ExcessSupply PackConflict", "Reverse Accepted Active 6 RecoveryDue",
        ], Steps(traced));
        var supplies = traced.GetProperty("supplies");
        Assert.Equal(2, supplies.GetArrayLength());
        Assert.True(supplies[0].GetProperty("recoveryDue").GetBoolean() && supplies[1].GetProperty("late").GetBoolean());
        Assert.Equal(3, supplies[1].GetProperty("items")[0].GetProperty("excessUnits").GetInt32());
        string reversal = traced.GetProperty("steps")[6].GetProperty("detail").GetString()!;
        Assert.Equal($"returned; supply at leaf {traced.GetProperty("steps")[2].GetProperty("leaf")}; all of it; reason 7", reversal);
    }

    [Fact]
    public async Task Trace_SideActsAndTokens_TellsWhatIsInForce()
    {
        var id = Drafts.NewId();
        using var token = P256PrivateKey.Generate();
        var issued = await _ledger.DoAsync(Drafts.Issue(id, issue => issue.TokenKey = ByteString.CopyFrom(token.PublicKey.Encoded)));
        await _ledger.DoAsync(Drafts.Bind(id, "pharmacy-a"), token);
        await _ledger.DoAsync(Drafts.OpenDispute(id, issued), token);
        await _ledger.DoAsync(Drafts.GiveConsent(id, "pharmacy-b", Drafts.NowMs + 3_600_000));
        await _ledger.DoAsync(Drafts.RecordAccess(id));
        await _ledger.DoAsync(Drafts.Hold(id, Drafts.NowMs + 3_600_000));

        var traced = Trace(id);

        Assert.Equal(
            ["Issue", "BindToken", "OpenDispute", "GiveConsent", "RecordAccess", "Hold"],
            traced.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("act").GetString()));
        Assert.Equal("regulator", traced.GetProperty("hold").GetProperty("regulator").GetString());
        Assert.True(traced.GetProperty("disputes")[0].GetProperty("byPatient").GetBoolean());
        Assert.Equal("pharmacy-b", traced.GetProperty("consents")[0].GetProperty("grantee").GetString());
        Assert.All(traced.GetProperty("steps").EnumerateArray(), step => Assert.NotEmpty(step.GetProperty("detail").GetString()!));
    }

    [Fact]
    public async Task Trace_CoveredAndReplaced_IncludesTheIssueThatDidIt()
    {
        var (emergency, covering, replacing) = (Drafts.NewId(), Drafts.NewId(), Drafts.NewId());
        await _ledger.DoAsync(Drafts.EmergencySupply(emergency, 3));
        await _ledger.DoAsync(Drafts.Issue(covering, issue => issue.Covers = emergency));
        await _ledger.DoAsync(Drafts.Issue(replacing, issue => issue.Replaces = covering));

        var (first, second) = (Trace(emergency), Trace(covering));

        Assert.Equal(["EmergencySupply Accepted Completed  EmergencySupply", "Issue Accepted Completed "], Steps(first));
        Assert.Equal(Hex(covering), first.GetProperty("coveredBy").GetString());
        Assert.Equal(["Issue Accepted Active 7", "Issue Accepted Cancelled 7"], Steps(second));
        Assert.Equal(Hex(replacing), second.GetProperty("replacedBy").GetString());
        Assert.Contains($"covers {Hex(emergency)}", second.GetProperty("steps")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, second.GetProperty("supplies")[0].GetProperty("items")[0].GetProperty("units").GetInt32());
        Assert.True(first.GetProperty("complete").GetBoolean() && second.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public async Task Trace_ForPeople_TellsSuppliesAndMarks()
    {
        var id = Drafts.NewId();
        await _ledger.DoAsync(Drafts.EmergencySupply(id, 3));

        var (exitCode, output, _) = AuditProcess.Run("trace", _ledger.Write(_temporary["tiles"]), Hex(id));

        Assert.Equal(0, exitCode);
        Assert.Contains("by pharmacy-a, line 0: 0 units and 3 beyond", output, StringComparison.Ordinal);
        Assert.Contains("[EmergencySupply]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_StatementsOfTokensAndPayers_AreCounted()
    {
        var id = Drafts.NewId();
        using var token = P256PrivateKey.Generate();
        await _ledger.DoAsync(Drafts.Issue(id, issue => issue.TokenKey = ByteString.CopyFrom(token.PublicKey.Encoded)));
        await _ledger.DoAsync(Drafts.Bind(id, "pharmacy-b"), token);
        var claim = Drafts.Claim(id);
        claim.Claim.Presence = new PresenceAuthority { Payer = "insurer", AttestedMs = Drafts.NowMs };
        await _ledger.DoAsync(claim, _ledger.Key("insurer"));
        File.WriteAllText(_temporary["policy"], _ledger.Policy);

        var report = AuditProcess.RunJson("verify", _ledger.Write(_temporary["tiles"]), "--policy", _temporary["policy"]);

        Assert.Equal("verified", report.GetProperty("result").GetString());
        var done = report.GetProperty("checked");
        Assert.Equal((2, 1), (done.GetProperty("statements").GetInt32(), done.GetProperty("tokenSignatures").GetInt32()));
    }

    private JsonElement Trace(ByteString id) =>
        AuditProcess.RunJson("trace", _ledger.Write(_temporary["tiles"]), Hex(id)).GetProperty("prescription");

    private static IEnumerable<string> Steps(JsonElement traced) => traced.GetProperty("steps").EnumerateArray().Select(step =>
        string.Join(" ", [
            step.GetProperty("act").GetString(), step.GetProperty("outcome").GetString(), step.GetProperty("status").GetString(),
            string.Join(',', step.GetProperty("unitsLeft").EnumerateArray()),
            .. step.GetProperty("marks").EnumerateArray().Select(mark => mark.GetString())]));

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);
}
