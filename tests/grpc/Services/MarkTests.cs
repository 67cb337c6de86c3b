using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Grpc.Tests.Services;

/// <summary>What regulators are told.</summary>
public sealed class MarkTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task History_EachKindOfMark_StandsWithItsAct()
    {
        var (id, emergency) = (Drafts.NewId(), Drafts.NewId());
        await TellAllAsync(id, emergency);

        Assert.Equal(
            ["Issue", "Claim ClaimOverride", "Dispense", "Settle", "RecordSupply ExcessSupply,PackConflict", "Reverse RecoveryDue"],
            await History(id));
        Assert.Equal(["EmergencySupply EmergencySupply"], await History(emergency));
    }

    [Fact]
    public async Task Watch_OnlyMarked_GivesTheRegulatorsInbox()
    {
        var (id, emergency) = (Drafts.NewId(), Drafts.NewId());
        await TellAllAsync(id, emergency);
        using var call = host.Prescriptions.WatchEvents(
            new WatchEventsRequest { OnlyMarked = true, PrescriptionIds = { id, emergency }, IncludeRefused = true });
        var told = new List<string>();
        while (told.Count < 4)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
            if (call.ResponseStream.Current.Event is { } e)
                told.Add(Text(e));
        }

        Assert.Equal(
            ["Claim ClaimOverride", "RecordSupply ExcessSupply,PackConflict", "Reverse RecoveryDue", "EmergencySupply EmergencySupply"], told);
    }

    private async Task TellAllAsync(ByteString id, ByteString emergency)
    {
        await host.DoAsync(Drafts.Issue(id, issue => issue.Nominee = ""));
        var claim = Drafts.Claim(id);
        claim.Claim.Override = new OverrideAuthority { ReasonCode = 1 };
        await host.DoAsync(claim);
        var pack = Drafts.Pack(content: 8, taken: 8);
        var dispensed = await host.DoAsync(Drafts.Dispense(id, 8, "insurer", pack));
        await host.DoAsync(Drafts.Settle(id, dispensed.EventId));
        var late = Drafts.RecordSupply(id, 3);
        late.RecordSupply.Items[0].Packs.Add(pack);
        await host.DoAsync(late, (await host.ReadAsync(id)).ClaimFromMs + 1);
        await host.DoAsync(Drafts.Reverse(id, dispensed.EventId, Kind.Returned));
        await host.DoAsync(Drafts.EmergencySupply(emergency, 1));
    }

    private async Task<IEnumerable<string>> History(ByteString id) =>
        (await host.Prescriptions.GetHistoryAsync(new GetHistoryRequest { PrescriptionId = id })).Events.Select(Text);

    private static string Text(LedgerEvent e) => $"{e.Event.ActCase} {string.Join(",", e.Marks)}".TrimEnd();
}
