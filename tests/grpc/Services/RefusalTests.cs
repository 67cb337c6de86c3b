using Google.Protobuf;
using Grpc.Core;
using RxChain.Client;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.Testing.Node;

namespace RxChain.Grpc.Tests.Services;

/// <summary>One refusal for each status code, with its details; and the errors of PrepareEvent.</summary>
public sealed class RefusalTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    [Fact]
    public async Task Submit_StaleEvent_CarriesTheHead()
    {
        var id = Drafts.NewId();
        var issued = await host.IssueAsync(id);
        var claimed = await host.ClaimAsync(id);
        byte[] late = host.Envelope(Drafts.Cancel(id), 2, issued.EventId, "hospital");

        var error = await Failures.Of(StatusCode.Aborted, "STALE", () => Submit(late));

        Assert.Equal("2", error.Metadata["head_sequence"]);
        Assert.Equal(Convert.ToHexStringLower(claimed.EventId.Span), error.Metadata["head_event_id"]);
        Assert.True(long.Parse(error.Metadata["leaf_index"], System.Globalization.CultureInfo.InvariantCulture) > claimed.LeafIndex);
    }

    [Fact]
    public async Task Submit_ClaimedByAnother_NamesTheHolderToWhoIsEntitled()
    {
        var id = Drafts.NewId();
        using var token = RxChain.Ledger.Keys.P256PrivateKey.Generate();
        var issue = Drafts.Issue(id);
        issue.Issue.TokenKey = ByteString.CopyFrom(token.PublicKey.Encoded);
        await host.Client.ActAsync(issue, host.Signers("hospital", "prescriber"));
        await host.ClaimAsync(id);
        var second = Drafts.Claim(id, "pharmacy-b", number: 2);
        second.Claim.Token = Token(token, id, "pharmacy-b", 2);

        var error = await Failures.Of(StatusCode.FailedPrecondition, "CLAIMED_BY_ANOTHER",
            () => host.Client.ActAsync(second, host.Signers("pharmacy-b")));

        Assert.Equal("pharmacy-a", error.Metadata["holder"]);
    }

    [Fact]
    public async Task Submit_TooManyUnits_IsLoggedAndRefused()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id, units: 2);
        await host.ClaimAsync(id);

        var error = await Failures.Of(StatusCode.FailedPrecondition, "UNITS_EXCEEDED", () => host.DispenseAsync(id, 3));

        var leaf = host.Node.ReadLeaf(long.Parse(error.Metadata["leaf_index"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(RxChain.Ledger.Leaves.EventLeaf.TryParse(leaf, out var logged));
        Assert.Equal(Outcome.UnitsExceeded, logged.Outcome);
    }

    [Fact]
    public async Task Submit_WithoutTheRole_IsPermissionDenied()
    {
        var draft = Drafts.Issue(Drafts.NewId());
        (draft.Organisation, draft.Role) = ("pharmacy-a", Role.Hospital);

        await Failures.Of(StatusCode.PermissionDenied, "NOT_AUTHORISED",
            () => host.Client.ActAsync(draft, host.Signers("pharmacy-a", "prescriber")));
    }

    [Fact]
    public async Task Submit_UnknownPrescription_IsNotFound()
    {
        byte[] envelope = host.Envelope(Drafts.Cancel(Drafts.NewId()), 2, ByteString.CopyFrom(new byte[32]), "hospital");

        await Failures.Of(StatusCode.NotFound, "NOT_FOUND", () => Submit(envelope));
    }

    [Fact]
    public async Task Submit_OrderingDown_IsUnavailable()
    {
        host.Node.OrderingIsDown = true;
        try
        {
            await Failures.Of(StatusCode.Unavailable, "ORDERING_UNAVAILABLE", () => Submit(host.IssueEnvelope(Drafts.NewId())));
        }
        finally
        {
            host.Node.OrderingIsDown = false;
        }
    }

    [Fact]
    public async Task Submit_TheSameEventAgain_GivesTheFirstLeaf()
    {
        byte[] envelope = host.IssueEnvelope(Drafts.NewId());
        var first = await Submit(envelope);

        var again = await Submit(envelope);

        Assert.Equal((first.LeafIndex, true), (again.LeafIndex, again.Duplicate));
    }

    [Fact]
    public async Task Submit_ARefusedEventAgain_GivesTheFirstRefusal()
    {
        byte[] envelope = host.Envelope(Drafts.Cancel(Drafts.NewId()), 2, ByteString.CopyFrom(new byte[32]), "hospital");

        var first = await Failures.Of(StatusCode.NotFound, "NOT_FOUND", () => Submit(envelope));
        var again = await Failures.Of(StatusCode.NotFound, "NOT_FOUND", () => Submit(envelope));

        Assert.Equal(first.Metadata["leaf_index"], again.Metadata["leaf_index"]);
    }

    [Fact]
    public async Task Prepare_UnknownParties_SaysWhich()
    {
        var nobody = Drafts.Issue(Drafts.NewId());
        nobody.Organisation = "nobody";
        var stranger = Drafts.Issue(Drafts.NewId());
        stranger.ResponsibleId = TestNetwork.Id("stranger");

        await Failures.Of(StatusCode.PermissionDenied, "NOT_AUTHORISED", () => Prepare(nobody));
        await Failures.Of(StatusCode.PermissionDenied, "PRACTITIONER_UNKNOWN", () => Prepare(stranger));
        await Failures.Of(StatusCode.NotFound, "NOT_FOUND", () => Prepare(Drafts.Claim(Drafts.NewId())));
    }

    [Fact]
    public async Task Prepare_BadDrafts_AreInvalid()
    {
        var elsewhere = Drafts.Issue(Drafts.NewId());
        elsewhere.Network = "another.test/0123456789abcdef";
        var empty = Drafts.Issue(Drafts.NewId());
        empty.Issue.Lines.Clear();
        var oversized = Drafts.Issue(ByteString.CopyFrom(new byte[200]));

        await Failures.Of(StatusCode.InvalidArgument, "WRONG_NETWORK", () => Prepare(elsewhere));
        await Failures.Of(StatusCode.InvalidArgument, "MALFORMED", () => Prepare(empty));
        await Failures.Of(StatusCode.InvalidArgument, "MALFORMED", () => Prepare(oversized));
        await Failures.Of(StatusCode.InvalidArgument, "MALFORMED", () => Prepare(null));
    }

    [Fact]
    public async Task Prepare_IdThatIsTaken_IsRefused()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id);

        await Failures.Of(StatusCode.FailedPrecondition, "ALREADY_EXISTS", () => Prepare(Drafts.Issue(id)));
    }

    private static TokenAuthority Token(RxChain.Ledger.Keys.P256PrivateKey token, ByteString id, string pharmacy, uint number)
    {
        byte[] body = RxChain.Prescriptions.Statements.ClaimBody(TestNetwork.Origin, id.Span, pharmacy, number);
        var digest = RxChain.Ledger.Envelopes.Dsse.Digest(RxChain.Prescriptions.Statements.Claim, body);
        return new TokenAuthority
        {
            TokenKey = ByteString.CopyFrom(token.PublicKey.Encoded),
            Signature = ByteString.CopyFrom(token.SignDigest(digest)),
        };
    }

    private async Task<SubmitEventResponse> Submit(byte[] envelope) =>
        await host.Prescriptions.SubmitEventAsync(new SubmitEventRequest { Envelope = ByteString.CopyFrom(envelope) });

    private async Task<PrepareEventResponse> Prepare(Event? draft) =>
        await host.Prescriptions.PrepareEventAsync(new PrepareEventRequest { Draft = draft });
}
