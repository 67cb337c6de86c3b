using Google.Protobuf;
using Grpc.Core;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.State;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Grpc.Tests.Services;

/// <summary>What GetPrescription shows after the rarer acts, and as time passes.</summary>
public sealed class ViewTests : IAsyncLifetime
{
    private const long HourMs = 3_600_000;

    // One each: they move the clock.
    private readonly ServiceHost host = new();

    public Task InitializeAsync() => host.InitializeAsync();

    public Task DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task View_HoldDisputeConsent_ShownUntilTheyEnd()
    {
        var id = Drafts.NewId();
        var issued = await host.DoAsync(Drafts.Issue(id));
        long untilMs = host.NowMs + HourMs;
        await host.DoAsync(Drafts.Hold(id, untilMs));
        var dispute = await host.DoAsync(Drafts.OpenDispute(id, issued.EventId));
        await host.DoAsync(Drafts.GiveConsent(id, "pharmacy-b", untilMs));

        var view = await host.ReadAsync(id);
        Assert.Equal(("regulator", 8u, untilMs), (view.Hold.Regulator, view.Hold.ReasonCode, view.Hold.UntilMs));
        var open = Assert.Single(view.Disputes);
        Assert.Equal((dispute.EventId, issued.EventId, "hospital", false), (open.DisputeId, open.EventId, open.Organisation, open.ByPatient));
        Assert.Equal(("pharmacy-b", 10u, untilMs), (view.Consents[0].Grantee, view.Consents[0].PurposeCode, view.Consents[0].UntilMs));

        host.PassTime(TimeSpan.FromHours(1));
        var later = await host.ReadAsync(id);
        Assert.Null(later.Hold);
        Assert.Empty(later.Consents);
        Assert.Single(later.Disputes);
        host.PassTime(TimeSpan.FromDays(91));
        Assert.Empty((await host.ReadAsync(id)).Disputes);
    }

    [Fact]
    public async Task View_BoundToken_NamesThePharmacy()
    {
        var id = Drafts.NewId();
        using var token = P256PrivateKey.Generate();
        await host.DoAsync(WithToken(id, token));
        await host.DoAsync(Drafts.Bind(id, "pharmacy-b"), token);

        Assert.Equal("pharmacy-b", (await host.ReadAsync(id)).BoundPharmacy);
        await Failures.Of(StatusCode.FailedPrecondition, "TOKEN_BOUND_ELSEWHERE", () => host.DoAsync(Drafts.Claim(id), token));
        await host.DoAsync(Drafts.Claim(id, "pharmacy-b"), token);
    }

    [Fact]
    public async Task View_Supplies_ShowUnitsPacksMoneyAndReversal()
    {
        var id = Drafts.NewId();
        await host.DoAsync(Drafts.Issue(id));
        await host.DoAsync(Drafts.Claim(id));
        var pack = Drafts.Pack(content: 20, taken: 5);
        var dispensed = await host.DoAsync(Drafts.Dispense(id, 6, "insurer", pack));
        await host.DoAsync(Drafts.Settle(id, dispensed.EventId));
        long claimedMs = (await host.ReadAsync(id)).ClaimFromMs;
        var late = await host.DoAsync(Drafts.RecordSupply(id, 7), claimedMs + 1);
        await host.DoAsync(Drafts.Reverse(id, dispensed.EventId, Kind.Returned));

        var view = await host.ReadAsync(id);
        Assert.Equal(PrescriptionStatus.Active, view.Status);
        Assert.Equal(6u, view.Lines[0].RemainingUnits);
        var (first, second) = (view.Supplies[0], view.Supplies[1]);
        Assert.Equal((dispensed.EventId, "pharmacy-a", "insurer"), (first.EventId, first.Dispenser, first.Payer));
        Assert.Equal((true, true, false), (first.Settled, first.RecoveryDue, first.Late));
        Assert.Equal((0u, 6u, 0u, true), (first.Items[0].Line, first.Items[0].Units, first.Items[0].ExcessUnits, first.Items[0].Reversed));
        Assert.Equal((pack.PackMac, 5u), (first.Items[0].Packs[0].PackMac, first.Items[0].Packs[0].Taken));
        Assert.Equal((late.EventId, true, claimedMs + 1), (second.EventId, second.Late, second.HandedOverMs));
        Assert.InRange(second.RecordedMs, claimedMs, view.LedgerTimeMs);
        Assert.Equal((4u, 3u), (second.Items[0].Units, second.Items[0].ExcessUnits));
    }

    [Fact]
    public async Task View_EmergencySupply_HasNoIssuerUntilAnIssueCoversIt()
    {
        var (emergency, covering) = (Drafts.NewId(), Drafts.NewId());
        var supplied = await host.DoAsync(Drafts.EmergencySupply(emergency, 3));

        var alone = await host.ReadAsync(emergency);
        Assert.Equal((true, "", "pharmacy-a"), (alone.Emergency, alone.Issuer, alone.ContentCustodian));
        Assert.Equal(3u, alone.Supplies[0].Items[0].ExcessUnits);

        await host.DoAsync(Drafts.Issue(covering, issue => issue.Covers = emergency));
        var covered = await host.ReadAsync(emergency);
        Assert.Equal((covering, 0), (covered.CoveredBy, covered.Supplies.Count));
        var view = await host.ReadAsync(covering);
        Assert.Equal((supplied.EventId, 3u, 7u), (view.Supplies[0].EventId, view.Supplies[0].Items[0].Units, view.Lines[0].RemainingUnits));
        Assert.False(view.Emergency);
    }

    [Fact]
    public async Task View_Replaced_NamesItsSuccessorAndHistoryHasTheIssue()
    {
        var (old, replacing) = (Drafts.NewId(), Drafts.NewId());
        await host.DoAsync(Drafts.Issue(old));
        var issued = await host.DoAsync(Drafts.Issue(replacing, issue => issue.Replaces = old));

        var view = await host.ReadAsync(old);
        var history = await host.Prescriptions.GetHistoryAsync(new() { PrescriptionId = old });

        Assert.Equal((PrescriptionStatus.Cancelled, replacing), (view.Status, view.ReplacedBy));
        Assert.Equal(issued.LeafIndex, history.Events[^1].LeafIndex);
        Assert.Equal((uint)history.Events.Count, view.LeafCount);
    }

    [Fact]
    public async Task View_Erased_SaysSo()
    {
        var id = Drafts.NewId();
        await host.DoAsync(Drafts.Issue(id));
        await host.DoAsync(Drafts.Cancel(id));
        host.PassTime(TimeSpan.FromHours(2));
        await host.DoAsync(Drafts.Erase(id));

        Assert.True((await host.ReadAsync(id)).Erased);
    }

    private static RxChain.Prescriptions.Events.Event WithToken(ByteString id, P256PrivateKey token) =>
        Drafts.Issue(id, issue => issue.TokenKey = ByteString.CopyFrom(token.PublicKey.Encoded));
}
