using Google.Protobuf;
using Grpc.Core;
using RxChain.Client;
using RxChain.Protocol.V1;

namespace RxChain.Grpc.Tests.Services;

public sealed class BulkTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    [Fact]
    public async Task SubmitEvents_MixedResults_AreInTheRequestsOrder()
    {
        byte[] good = host.IssueEnvelope(Drafts.NewId());
        byte[] forged = host.IssueEnvelope(Drafts.NewId());
        forged[^70] ^= 1;
        byte[] unknown = host.Envelope(Drafts.Cancel(Drafts.NewId()), 2, ByteString.CopyFrom(new byte[32]), "hospital");

        var response = Assert.Single(await Run(Request(7, good, [1, 2, 3], forged, unknown, good)));

        Assert.Equal(7u, response.RequestNumber);
        Assert.Equal(["", "MALFORMED", "BAD_SIGNATURE", "NOT_FOUND", ""], response.Results.Select(Reason));
        Assert.Equal((int)StatusCode.NotFound, response.Results[3].Error.Code);
        Assert.Contains("leaf_index", LedgerError.From(response.Results[3].Error)!.Metadata.Keys);
        Assert.Equal(response.Results[0].Accepted.LeafIndex, response.Results[4].Accepted.LeafIndex);
    }

    [Fact]
    public async Task SubmitEvents_ManyRequests_AreAnsweredInOrder()
    {
        var requests = Enumerable.Range(0, 40)
            .Select(n => Request((ulong)n, [.. Enumerable.Range(0, 5).Select(_ => host.IssueEnvelope(Drafts.NewId()))]))
            .ToArray();

        var responses = await Run(requests);

        Assert.Equal(requests.Select(r => r.RequestNumber), responses.Select(r => r.RequestNumber));
        Assert.All(responses, r => Assert.All(r.Results, result => Assert.NotNull(result.Accepted)));
    }

    [Fact]
    public async Task SubmitEvents_RequestThatIsTooLarge_EndsTheStreamAfterWhatCameBefore()
    {
        var request = Request(1, host.IssueEnvelope(Drafts.NewId()));
        var tooMany = Request(2, [.. Enumerable.Repeat(new byte[] { 1 }, 65)]);
        var tooLong = Request(2, new byte[40_000], new byte[40_000]);

        foreach (var bad in new[] { tooMany, tooLong, Request(2) })
        {
            var answered = new List<SubmitEventsResponse>();
            await Failures.Of(StatusCode.InvalidArgument, "MALFORMED", () => Run([request, bad, request], answered));
            Assert.Equal(1u, Assert.Single(answered).RequestNumber);
        }
    }

    [Fact]
    public async Task SubmitEvents_CallerGoesAway_NodeGoesOn()
    {
        using (var call = host.Prescriptions.SubmitEvents())
            await call.RequestStream.WriteAsync(Request(1, host.IssueEnvelope(Drafts.NewId())));

        Assert.Single(await Run(Request(1, host.IssueEnvelope(Drafts.NewId()))));
    }

    private static SubmitEventsRequest Request(ulong number, params byte[][] envelopes) => new()
    {
        RequestNumber = number,
        Events = { envelopes.Select(envelope => new BulkEvent { Envelope = ByteString.CopyFrom(envelope) }) },
    };

    private static string Reason(BulkResult result) =>
        result.Error is null ? "" : LedgerError.From(result.Error)!.Reason;

    private async Task<List<SubmitEventsResponse>> Run(params SubmitEventsRequest[] requests)
    {
        var responses = new List<SubmitEventsResponse>();
        await Run(requests, responses);
        return responses;
    }

    private async Task Run(SubmitEventsRequest[] requests, List<SubmitEventsResponse> responses)
    {
        using var call = host.Prescriptions.SubmitEvents();
        var sending = SendAsync(call.RequestStream, requests);
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            responses.Add(response);
        await sending;
    }

    private static async Task SendAsync(IClientStreamWriter<SubmitEventsRequest> stream, SubmitEventsRequest[] requests)
    {
        foreach (var request in requests)
            await stream.WriteAsync(request);
        await stream.CompleteAsync();
    }
}
