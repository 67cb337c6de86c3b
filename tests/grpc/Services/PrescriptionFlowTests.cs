using System.Text;
using Grpc.Core;
using RxChain.Ledger;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using StateProofBytes = RxChain.Ledger.StateMaps.StateProof;

namespace RxChain.Grpc.Tests.Services;

public sealed class PrescriptionFlowTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    [Fact]
    public async Task Act_IssueClaimDispense_CompletesWithReceiptsAndHistory()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id, units: 3);
        await host.ClaimAsync(id);
        var dispensed = await host.DispenseAsync(id, 3);

        var verified = await host.Client.GetVerifiedAsync(dispensed.LeafIndex, new Hash32(dispensed.EventId.Span));
        var history = await host.Prescriptions.GetHistoryAsync(new GetHistoryRequest { PrescriptionId = id });
        var read = await Read(id);

        Assert.Equal(Outcome.Accepted, verified.Outcome);
        Assert.Equal(PrescriptionStatus.Completed, read.Status);
        Assert.Equal((3u, 0u), (read.Lines[0].AuthorisedUnits, read.Lines[0].RemainingUnits));
        Assert.Equal((3u, dispensed.EventId), (read.Head.Sequence, read.Head.EventId));
        Assert.True(history.Complete);
        Assert.Equal((uint)history.Events.Count, read.LeafCount);
        Assert.Equal(["Issue", "Claim", "Dispense"], history.Events.Select(e => e.Event.ActCase.ToString()));
    }

    [Fact]
    public async Task Claim_Accepted_NamesHolderUntilClaimLapses()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id);
        await host.ClaimAsync(id);

        var held = await Read(id);

        Assert.Equal((PrescriptionStatus.Claimed, "pharmacy-a"), (held.Status, held.Holder));
        Assert.InRange(held.ClaimUntilMs - held.LedgerTimeMs, 1, 2 * 3_600_000);
    }

    [Fact]
    public async Task GetHistory_RefusedEvent_IsThereWithItsRefusal()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id);
        var error = await Failures.Of(StatusCode.FailedPrecondition, "NOT_NOMINEE", () => host.ClaimAsync(id, "pharmacy-b"));
        await host.CatchUpAsync();

        var history = await host.Prescriptions.GetHistoryAsync(new GetHistoryRequest { PrescriptionId = id });
        var rest = await host.Prescriptions.GetHistoryAsync(
            new GetHistoryRequest { PrescriptionId = id, FromIndex = history.Events[1].LeafIndex });

        Assert.Equal(Outcome.NotNominee, history.Events[1].Outcome);
        Assert.Equal(error.Metadata["leaf_index"], history.Events[1].LeafIndex.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(history.Events[1], Assert.Single(rest.Events));
    }

    [Fact]
    public async Task GetPrescription_WithProof_VerifiesUnderThePolicy()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id);

        var reply = await host.Prescriptions.GetPrescriptionAsync(
            new GetPrescriptionRequest { PrescriptionId = id, IncludeProof = true });

        AssertProves(reply.Proof);
        Assert.Equal("hospital", RxChain.Prescriptions.State.Prescription.Parser.ParseFrom(reply.Proof.Value).Issuer);
    }

    [Fact]
    public async Task GetStateProof_AbsentEntry_ProvesAbsence()
    {
        var proof = await host.Ledger.GetStateProofAsync(
            new GetStateProofRequest { Kind = EntityKind.Prescription, Id = Drafts.NewId() });

        Assert.False(proof.Present);
        AssertProves(proof);
    }

    [Fact]
    public async Task GetPrescription_UnknownId_IsNotFound() => await Failures.Of(
        StatusCode.NotFound, "NOT_FOUND", async () => await Read(Drafts.NewId()));

    [Fact]
    public async Task RecordEvent_PractitionerSigned_NodeAddsOrganisationsSignature()
    {
        var id = Drafts.NewId();
        var draft = Drafts.Issue(id);
        var prepared = await host.Client.PrepareAsync(draft, host.Signers("hospital", "prescriber"));

        var recorded = await host.Prescriptions.RecordEventAsync(Recording(prepared, "prescriber"));

        Assert.Equal(prepared.EventId, new Hash32(recorded.EventId.Span));
        Assert.Equal("hospital", (await Read(id)).Issuer);
    }

    [Fact]
    public async Task RecordEvent_OtherOrganisation_IsRefused()
    {
        var id = Drafts.NewId();
        await host.IssueAsync(id);
        await host.ClaimAsync(id);
        var prepared = await host.Client.PrepareAsync(Drafts.Dispense(id, 1), host.Signers("pharmacy-a", "pharmacist-a"));

        await Failures.Of(StatusCode.PermissionDenied, "ORGANISATION_KEY_NOT_HELD",
            async () => await host.Prescriptions.RecordEventAsync(Recording(prepared, "pharmacist-a")));
    }

    [Fact]
    public async Task RecordEvent_NotSignedByThePractitioner_IsNotOrdered()
    {
        long size = host.Node.Status.Size;
        var prepared = await host.Client.PrepareAsync(Drafts.Issue(Drafts.NewId()), host.Signers("hospital", "prescriber"));

        var error = await Failures.Of(StatusCode.Unauthenticated, "BAD_SIGNATURE",
            async () => await host.Prescriptions.RecordEventAsync(Recording(prepared, "hospital")));

        Assert.False(error.Metadata.ContainsKey("leaf_index"));
    }

    private RecordEventRequest Recording(RxChain.Client.PreparedEvent prepared, string signer) => new()
    {
        Payload = Google.Protobuf.ByteString.CopyFrom(prepared.Payload.Span),
        PractitionerSignature = Google.Protobuf.ByteString.CopyFrom(host.Network.Key(signer).SignDigest(prepared.EventId)),
    };

    private async Task<RxChain.Protocol.V1.Prescription> Read(Google.Protobuf.ByteString id) =>
        (await host.Prescriptions.GetPrescriptionAsync(new GetPrescriptionRequest { PrescriptionId = id })).Prescription;

    private void AssertProves(RxChain.Protocol.V1.StateProof proof)
    {
        Assert.True(TlogProof.TryParse(Encoding.UTF8.GetBytes(proof.SealReceipt), out var receipt, out string? error), error);
        Assert.True(host.Network.Policy.Evaluate(receipt.Checkpoint).IsSatisfied);
        Assert.True(receipt.VerifyInclusion(Rfc6962.LeafHash(proof.Seal.Span)));
        Assert.True(SealLeaf.TryParse(proof.Seal.Memory, out var seal));
        Assert.True(StateProofBytes.TryParse(proof.Proof.Memory, out var parsed));
        byte[]? value = proof.Present ? proof.Value.ToByteArray() : null;
        Assert.True(parsed.Verify(seal.StateRoot, StateKey.Of(proof.Kind, proof.Id.Span), value));
    }
}
