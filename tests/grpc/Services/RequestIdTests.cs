using Google.Protobuf;
using Grpc.Core;
using RxChain.Ledger;
using RxChain.Protocol.V1;
using RxChain.Storage;

namespace RxChain.Grpc.Tests.Services;

public sealed class RequestIdTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    [Fact]
    public async Task Submit_SameRequestIdSameEvent_GivesTheFirstResult()
    {
        byte[] envelope = host.IssueEnvelope(Drafts.NewId());
        var first = await Submit(envelope, "same");

        var again = await Submit(envelope, "same");

        Assert.Equal((first.EventId, first.LeafIndex), (again.EventId, again.LeafIndex));
    }

    [Fact]
    public async Task Submit_SameRequestIdOtherEvent_IsRefusedWithTheFirstEventId()
    {
        var first = await Submit(host.IssueEnvelope(Drafts.NewId()), "twice");
        long size = host.Node.Status.Size;

        var error = await Failures.Of(StatusCode.AlreadyExists, "REQUEST_ID_USED",
            () => Submit(host.IssueEnvelope(Drafts.NewId()), "twice"));

        Assert.Equal(Convert.ToHexStringLower(first.EventId.Span), error.Metadata["event_id"]);
        Assert.Equal(size, host.Node.Status.Size);
    }

    [Fact]
    public async Task Submit_RequestIdOfAnotherOrganisation_IsItsOwn()
    {
        var id = Drafts.NewId();
        var issued = await Submit(host.IssueEnvelope(id), "shared");

        var claimed = await Submit(host.Envelope(Drafts.Claim(id), 2, issued.EventId, "pharmacy-a"), "shared");

        Assert.False(claimed.Duplicate);
    }

    [Fact]
    public async Task Submit_BadSignature_DoesNotUseUpTheRequestId()
    {
        byte[] forged = host.IssueEnvelope(Drafts.NewId());
        forged[^70] ^= 1;
        await Failures.Of(StatusCode.Unauthenticated, "BAD_SIGNATURE", () => Submit(forged, "forged"));

        var accepted = await Submit(host.IssueEnvelope(Drafts.NewId()), "forged");

        Assert.False(accepted.Duplicate);
    }

    [Fact]
    public async Task Submit_OverlongRequestId_IsMalformed() => await Failures.Of(
        StatusCode.InvalidArgument, "MALFORMED", () => Submit(host.IssueEnvelope(Drafts.NewId()), new string('é', 33)));

    [Fact]
    public async Task Submit_ManyAtOnceWithOneRequestId_IssuesOnce()
    {
        var envelopes = Enumerable.Range(0, 16).Select(_ => host.IssueEnvelope(Drafts.NewId())).ToArray();

        var results = await Task.WhenAll(envelopes.Select(async envelope =>
            await Record.ExceptionAsync(() => Submit(envelope, "race")) is null));

        Assert.Single(results, accepted => accepted);
    }

    [Fact]
    public async Task Bind_AfterReopening_IsStillBound()
    {
        var directory = Directory.CreateTempSubdirectory("rxchain-requests-");
        string path = Path.Combine(directory.FullName, "requests.db");
        Hash32 first = Hash32.Sha256([1]), other = Hash32.Sha256([2]);
        using (var ids = SqliteRequestIds.Open(path))
            Assert.Equal(first, await ids.BindAsync("hospital", "r", first));
        using (var ids = SqliteRequestIds.Open(path))
        {
            Assert.Equal(first, await ids.BindAsync("hospital", "r", other));
            Assert.Equal(other, await ids.BindAsync("pharmacy", "r", other));
        }
        directory.Delete(recursive: true);
    }

    private async Task<SubmitEventResponse> Submit(byte[] envelope, string requestId) => await host.Prescriptions.SubmitEventAsync(
        new SubmitEventRequest { Envelope = ByteString.CopyFrom(envelope), RequestId = requestId });
}
