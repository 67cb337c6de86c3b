using Google.Protobuf;
using Grpc.Core;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using Commitment = RxChain.Protocol.V1.Commitment;

namespace RxChain.Grpc.Tests.Services;

public sealed class WatchTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Watch_ResumedFromAnyMessage_GivesTheSameRest()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id, units: 2);
        await host.ClaimAsync(id);
        await host.DispenseAsync(id, 2);

        var all = await Take(3, new WatchEventsRequest { PrescriptionIds = { id } });
        var rest = await Take(2, new WatchEventsRequest { PrescriptionIds = { id }, FromIndex = all[0].NextIndex });

        Assert.Equal(all[1..], rest);
        Assert.Equal(all.Select(m => m.Event.LeafIndex + 1), all.Select(m => m.NextIndex));
    }

    [Fact]
    public async Task Watch_NewEvents_ArriveAsTheyCome()
    {
        var id = Drafts.NewId();
        using var call = host.Prescriptions.WatchEvents(
            new WatchEventsRequest { PrescriptionIds = { id }, FromIndex = host.Node.Status.Size, Commitment = Commitment.Final });
        var first = Next(call);

        await host.IssueAsync(id);

        Assert.Equal(Event.ActOneofCase.Issue, (await first).Event.Event.ActCase);
    }

    [Fact]
    public async Task Watch_FilteredByActAndOrganisation_GivesOnlyThose()
    {
        long from = host.Node.Status.Size;
        var (id, other) = (Drafts.NewId(), Drafts.NewId());
        await host.IssueAsync(id);
        await host.IssueAsync(other, nominee: "pharmacy-b");
        await host.ClaimAsync(id);
        await host.ClaimAsync(other, "pharmacy-b");

        var request = new WatchEventsRequest { FromIndex = from, Acts = { "claim" }, Organisations = { "pharmacy-b" } };
        var message = Assert.Single(await Take(1, request));

        Assert.Equal(other, message.Event.Event.PrescriptionId);
    }

    [Fact]
    public async Task Watch_Refused_OnlyWhenAskedFor()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id);
        await Failures.Of(StatusCode.FailedPrecondition, "NOT_NOMINEE", () => host.ClaimAsync(id, "pharmacy-b"));
        await host.ClaimAsync(id);

        var accepted = await Take(2, new WatchEventsRequest { PrescriptionIds = { id } });
        var all = await Take(3, new WatchEventsRequest { PrescriptionIds = { id }, IncludeRefused = true });

        Assert.All(accepted, m => Assert.Equal(Outcome.Accepted, m.Event.Outcome));
        Assert.Equal(Outcome.NotNominee, all[1].Event.Outcome);
    }

    [Fact]
    public async Task Watch_NodeStops_EndsAtOnceWithTheReason()
    {
        var stopping = new ServiceHost();
        await stopping.InitializeAsync();
        using var call = stopping.Prescriptions.WatchEvents(new WatchEventsRequest());
        await Next(call);
        var rest = DrainAsync(call.ResponseStream);

        await stopping.StopServingAsync().WaitAsync(Patience);

        await Failures.Of(StatusCode.Unavailable, "NODE_STOPPING", () => rest);
        await stopping.DisposeAsync();
    }

    [Fact]
    public async Task Watch_BadFilters_AreMalformed()
    {
        WatchEventsRequest[] bad =
        [
            new() { FromIndex = -1 }, new() { Acts = { "dance" } }, new() { PrescriptionIds = { ByteString.CopyFrom([1]) } },
        ];
        foreach (var request in bad)
            await Failures.Of(StatusCode.InvalidArgument, "MALFORMED", () => Take(1, request));
    }

    private async Task<WatchEventsResponse[]> Take(int count, WatchEventsRequest request)
    {
        using var call = host.Prescriptions.WatchEvents(request);
        var taken = new List<WatchEventsResponse>();
        while (taken.Count < count)
            taken.Add(await Next(call));
        return [.. taken];
    }

    private static async Task DrainAsync(IAsyncStreamReader<WatchEventsResponse> stream)
    {
        while (await stream.MoveNext(CancellationToken.None))
        {
            // Until the stream ends.
        }
    }

    private static async Task<WatchEventsResponse> Next(AsyncServerStreamingCall<WatchEventsResponse> call)
    {
        do
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        while (call.ResponseStream.Current.Event is null);
        return call.ResponseStream.Current;
    }
}
