using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using RxChain.Storage;

namespace RxChain.Grpc.Tests.Services;

/// <summary>Listings, and the index behind them.</summary>
public sealed class ListTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    [Fact]
    public async Task List_ByEachFilter_FindsWhatHasIt()
    {
        var group = Drafts.NewId();
        var (held, nominated, grouped) = (Drafts.NewId(), Drafts.NewId(), Drafts.NewId());
        await host.IssueAsync(held);
        await host.ClaimAsync(held);
        await host.IssueAsync(nominated, nominee: "pharmacy-b");
        var repeat = Drafts.Issue(grouped);
        repeat.Issue.Group = new RxChain.Prescriptions.Events.Group { GroupId = group, Number = 1, Of = 2 };
        await host.Client.ActAsync(repeat, host.Signers("hospital", "prescriber"));
        await host.CatchUpAsync();

        Assert.Contains(held, await List(new() { Holder = "pharmacy-a", Status = PrescriptionStatus.Claimed }));
        Assert.DoesNotContain(held, await List(new() { Issuer = "hospital", Status = PrescriptionStatus.Active }));
        Assert.Contains(nominated, await List(new() { Nominee = "pharmacy-b" }));
        Assert.Equal([grouped], await List(new() { GroupId = group }));
        Assert.Empty(await List(new() { Issuer = "hospital-2" }));
    }

    [Fact]
    public async Task List_InPages_GivesEachOnceInTheOrderOfIssue()
    {
        var ids = new List<ByteString>();
        var group = Drafts.NewId();
        for (uint n = 1; n <= 5; n++)
        {
            ids.Add(Drafts.NewId());
            var repeat = Drafts.Issue(ids[^1]);
            repeat.Issue.Group = new RxChain.Prescriptions.Events.Group { GroupId = group, Number = n, Of = 5 };
            await host.Client.ActAsync(repeat, host.Signers("hospital", "prescriber"));
        }
        await host.CatchUpAsync();

        var listed = new List<ByteString>();
        var request = new ListPrescriptionsRequest { GroupId = group, PageSize = 2 };
        do
        {
            var page = await host.Prescriptions.ListPrescriptionsAsync(request);
            Assert.InRange(page.Prescriptions.Count, 1, 2);
            listed.AddRange(page.Prescriptions.Select(p => p.PrescriptionId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(ids, listed);
    }

    [Fact]
    public async Task List_APharmacyThatLostItsData_FindsAllItsClaimsAndSupplies()
    {
        List<ByteString> claims = [], supplies = [];
        for (int i = 0; i < 7; i++)
        {
            var id = Drafts.NewId();
            await host.DoAsync(Drafts.Issue(id, issue => issue.Nominee = "pharmacy-b"));
            var claimed = Drafts.Claim(id, "pharmacy-b");
            await host.DoAsync(claimed);
            claims.Add(id);
            if (i % 2 == 0)
                continue;
            var dispense = Drafts.Dispense(id, i == 5 ? 10u : 1);
            dispense.Organisation = "pharmacy-b";
            var supplied = await host.DoAsync(dispense);
            supplies.Add(id);
            if (i == 5)
                claims.Remove(id);
            if (i == 3)
                await host.DoAsync(At("pharmacy-b", Drafts.Reverse(id, supplied.EventId, RxChain.Prescriptions.Events.Reverse.Types.Kind.Returned)));
        }
        var emergency = Drafts.NewId();
        await host.DoAsync(At("pharmacy-b", Drafts.EmergencySupply(emergency, 2)));
        supplies.Add(emergency);
        await host.CatchUpAsync();

        Assert.Equal(claims, await Pages(new() { Holder = "pharmacy-b" }));
        Assert.Equal(supplies, await Pages(new() { Dispenser = "pharmacy-b" }));
        Assert.Contains(emergency, await Pages(new() { Dispenser = "pharmacy-b", Status = PrescriptionStatus.Completed }));
    }

    [Fact]
    public async Task List_ACoveredEmergencySupply_IsFoundWhereItsSupplyIs()
    {
        var (emergency, covering) = (Drafts.NewId(), Drafts.NewId());
        await host.DoAsync(Drafts.EmergencySupply(emergency, 2));
        await host.CatchUpAsync();
        Assert.Contains(emergency, await Pages(new() { Dispenser = "pharmacy-a" }));

        await host.DoAsync(Drafts.Issue(covering, issue => issue.Covers = emergency));
        await host.CatchUpAsync();

        var found = await Pages(new() { Dispenser = "pharmacy-a" });
        Assert.Contains(covering, found);
        Assert.DoesNotContain(emergency, found);
        Assert.DoesNotContain(emergency, await Pages(new() { Issuer = "hospital" }));
    }

    [Fact]
    public async Task List_HeldAndReplaced_HaveTheStatusThatTheyHave()
    {
        var (held, old, replacing) = (Drafts.NewId(), Drafts.NewId(), Drafts.NewId());
        await host.DoAsync(Drafts.Issue(held));
        await host.DoAsync(Drafts.Hold(held, host.NowMs + 60_000));
        await host.DoAsync(Drafts.Issue(old));
        await host.DoAsync(Drafts.Issue(replacing, issue => issue.Replaces = old));
        await host.CatchUpAsync();

        var active = await Pages(new() { Status = PrescriptionStatus.Active });
        Assert.Contains(held, active);
        Assert.Contains(replacing, active);
        Assert.DoesNotContain(old, active);
        Assert.Contains(old, await Pages(new() { Status = PrescriptionStatus.Cancelled }));
    }

    [Fact]
    public async Task List_BadRequests_AreMalformed()
    {
        ListPrescriptionsRequest[] bad = [new() { PageToken = "x" }, new() { PageSize = 201 }, new() { GroupId = ByteString.CopyFrom([1]) }];
        foreach (var request in bad)
            await Failures.Of(StatusCode.InvalidArgument, "MALFORMED", async () => await host.Prescriptions.ListPrescriptionsAsync(request));
    }

    [Fact]
    public async Task Index_Deleted_IsRebuiltTheSame()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id);
        await host.ClaimAsync(id);
        await host.CatchUpAsync();
        using var rebuilt = await Rebuild(index => index.Mark.Size == host.Node.Status.Size);

        Assert.Equal(host.Index.FindLeaves(id.Memory).Leaves, rebuilt.FindLeaves(id.Memory).Leaves);
        Assert.Equal(host.Index.Mark, rebuilt.Mark);
        Assert.Contains(
            rebuilt.List(new LookupQuery { Holder = "pharmacy-a", LedgerTimeMs = Drafts.NowMs, Limit = 1000 }).PrescriptionIds, found => id.Span.SequenceEqual(found));
    }

    [Fact]
    public async Task Index_OfAnotherLog_IsEmptiedFirst()
    {
        await host.IssueAsync(Drafts.NewId());
        var ghost = Drafts.NewId();
        using var rebuilt = await Rebuild(
            index => index.FindLeaves(ghost.Memory).Leaves.Count == 0 && index.Mark.Size == host.Node.Status.Size,
            index => index.Add(new LookupAddition([new LookupLeaf(ghost.Memory, 0)], [], [], new LookupMark(1, Hash32.Sha256([1])))));

        Assert.Empty(rebuilt.FindLeaves(ghost.Memory).Leaves);
    }

    [Fact]
    public void Index_HolderAndStatus_AreJudgedAtTheLedgerTimeAsked()
    {
        using var index = SqliteLookupIndex.Open(Path.Combine(Directory.CreateTempSubdirectory("rxchain-lookup-").FullName, "lookup.db"));
        var state = new RxChain.Prescriptions.State.Prescription
        {
            Status = PrescriptionStatus.Claimed,
            Issuer = "hospital",
            Holder = "pharmacy-a",
            ClaimUntilMs = 100,
            NotAfterMs = 200,
            Acts = { new ActRef { LeafIndex = 5 } },
        };
        index.Add(new LookupAddition([], [new LookupState(Drafts.NewId().Memory, state, 100)], [], new LookupMark(6, default)));

        int Count(LookupQuery query) => index.List(query).PrescriptionIds.Count;
        Assert.Equal(1, Count(new LookupQuery { Holder = "pharmacy-a", LedgerTimeMs = 99 }));
        Assert.Equal(0, Count(new LookupQuery { Holder = "pharmacy-a", LedgerTimeMs = 100 }));
        Assert.Equal(1, Count(new LookupQuery { Status = PrescriptionStatus.Active, LedgerTimeMs = 100 }));
        Assert.Equal(1, Count(new LookupQuery { Status = PrescriptionStatus.Expired, LedgerTimeMs = 200 }));
    }

    private async Task<SqliteLookupIndex> Rebuild(Func<ILookupIndex, bool> done, Action<ILookupIndex>? before = null)
    {
        var directory = Directory.CreateTempSubdirectory("rxchain-lookup-");
        var index = SqliteLookupIndex.Open(Path.Combine(directory.FullName, "lookup.db"));
        before?.Invoke(index);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var reading = new LookupReader(host.Node, index).RunAsync(stop.Token);
        while (!done(index) && !reading.IsCompleted)
            await Task.Delay(5);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        return index;
    }

    private async Task<List<ByteString>> Pages(ListPrescriptionsRequest request)
    {
        var found = new List<ByteString>();
        request.PageSize = 2;
        do
        {
            var page = await host.Prescriptions.ListPrescriptionsAsync(request);
            found.AddRange(page.Prescriptions.Select(p => p.PrescriptionId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return found;
    }

    private static RxChain.Prescriptions.Events.Event At(string pharmacy, RxChain.Prescriptions.Events.Event draft)
    {
        draft.Organisation = pharmacy;
        return draft;
    }

    private async Task<List<ByteString>> List(ListPrescriptionsRequest request)
    {
        request.PageSize = 200;
        var page = await host.Prescriptions.ListPrescriptionsAsync(request);
        return [.. page.Prescriptions.Select(p => p.PrescriptionId)];
    }
}
