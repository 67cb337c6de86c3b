using Grpc.Core;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Submission;

/// <summary>Adds the signature of this node's own organisation to a practitioner's.</summary>
/// <param name="submitter">Submits the completed envelope, whose signatures the node verifies.</param>
/// <param name="signer">The organisation's key, if this node holds one.</param>
internal sealed class EventRecorder(EventSubmitter submitter, IOrganisationSigner? signer = null)
{
    private const int SignatureBytes = 64;

    /// <summary>Signs and submits.</summary>
    public async Task<BulkResult> RecordAsync(RecordEventRequest request, CancellationToken cancellationToken)
    {
        if (!EventParser.TryParse(request.Payload.Memory, out var act, out string error))
            throw RpcErrors.Malformed(error);
        if (request.PractitionerSignature.Length != SignatureBytes)
            throw RpcErrors.Malformed($"practitioner_signature: {request.PractitionerSignature.Length} bytes, not {SignatureBytes}");
        // Without a practitioner nobody would have asked for this act but the caller of this rpc.
        if (act.KeyIds.Count != 2)
            throw RpcErrors.Malformed("key_ids: must name the organisation's and the practitioner's key");
        if (signer is null || signer.Organisation != act.Organisation || !signer.KeyId.Span.SequenceEqual(act.KeyIds[0].Span))
            throw KeyNotHeld(act);
        byte[] own = await signer.SignDigestAsync(Dsse.EventId(request.Payload.Span), cancellationToken);
        byte[] envelope = SignedEvent.Encode(request.Payload.Span, [own, request.PractitionerSignature.ToByteArray()]);
        return await submitter.SubmitAsync(envelope, request.RequestId, request.Commitment, cancellationToken);
    }

    private static RpcException KeyNotHeld(Event act) => RpcErrors.Exception(
        StatusCode.PermissionDenied, "ORGANISATION_KEY_NOT_HELD",
        $"this node does not hold key {Convert.ToHexStringLower(act.KeyIds[0].Span)} of {act.Organisation}");
}
