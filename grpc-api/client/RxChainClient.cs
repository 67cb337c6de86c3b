using Google.Protobuf;
using Grpc.Core;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;

namespace RxChain.Client;

/// <summary>A receipt that does not verify: the node, or who stands between, lies or is damaged.</summary>
public sealed class ReceiptInvalidException(string message) : Exception(message);

/// <summary>
/// Acts on a ledger through a node that is not trusted: builds and checks what it signs, and verifies what it gets.
/// Thread-safe.
/// </summary>
/// <param name="node">A channel's invoker.</param>
/// <param name="network">Origin of the network, as this member knows it.</param>
/// <param name="policy">Whose cosignatures count, as this member knows it.</param>
public sealed class RxChainClient(CallInvoker node, string network, TlogPolicy policy)
{
    private readonly ReceiptVerifier _verifier = new(policy);

    /// <summary>The rpcs about prescriptions, for what has no method here.</summary>
    public PrescriptionService.PrescriptionServiceClient Prescriptions { get; } = new(node);

    /// <summary>The rpcs about the log.</summary>
    public LedgerService.LedgerServiceClient Ledger { get; } = new(node);

    /// <summary>Completes a draft with the node's help, and checks that its bytes are the event that was asked for.</summary>
    /// <exception cref="PreparedEventMismatchException">They are not. Nothing was signed.</exception>
    public async Task<PreparedEvent> PrepareAsync(
        Event draft, IReadOnlyList<EventSigner> signers, CancellationToken cancellationToken = default)
    {
        var response = await Prescriptions.PrepareEventAsync(
            new PrepareEventRequest { Draft = draft }, cancellationToken: cancellationToken);
        return PreparedEvent.Check(draft, network, signers, response);
    }

    /// <summary>
    /// Completes a draft with what the patient's token, or in a Claim with a presence attestation the payer, states in it.
    /// A node is asked for the head, because most statements hold for one place in the chain of acts only: if another act
    /// comes first, state again.
    /// </summary>
    /// <param name="draft">What to do, with its time; a presence attestation names the payer and its time.</param>
    /// <param name="signer">The token's key, or the payer's.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Event> StateAsync(Event draft, EventSigner signer, CancellationToken cancellationToken = default)
    {
        var stated = draft.Clone();
        stated.Network = network;
        StatementSigner.Put(stated, signer);
        var response = await Prescriptions.PrepareEventAsync(
            new PrepareEventRequest { Draft = stated }, cancellationToken: cancellationToken);
        stated.Sequence = PreparedEvent.SequenceAfter(stated, response.Head);
        await StatementSigner.SignAsync(stated, signer, cancellationToken);
        return stated;
    }

    /// <summary>Prepares, signs and submits. Refusals are <see cref="RpcException"/>: see <see cref="LedgerError"/>.</summary>
    /// <param name="draft">What to do; network, place and key ids are filled in.</param>
    /// <param name="signers">The organisation's, then the responsible practitioner's if the act has one.</param>
    /// <param name="commitment">When to be answered.</param>
    /// <param name="requestId">Makes a retry safe: unique per organisation; empty for none.</param>
    /// <param name="cancellationToken">Gives up waiting; the event may be on the ledger then.</param>
    public async Task<SubmitEventResponse> ActAsync(
        Event draft, IReadOnlyList<EventSigner> signers, Commitment commitment = Commitment.Unspecified,
        string requestId = "", CancellationToken cancellationToken = default)
    {
        var prepared = await PrepareAsync(draft, signers, cancellationToken);
        byte[] envelope = await prepared.SignAsync(signers, cancellationToken);
        return await Prescriptions.SubmitEventAsync(
            new SubmitEventRequest
            {
                Envelope = UnsafeByteOperations.UnsafeWrap(envelope),
                Commitment = commitment,
                RequestId = requestId,
            },
            cancellationToken: cancellationToken);
    }

    /// <summary>Waits until a leaf is final, and verifies its receipt.</summary>
    /// <param name="leafIndex">The leaf.</param>
    /// <param name="eventId">The event that it must hold.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ReceiptInvalidException">The receipt does not verify, or the leaf holds another event.</exception>
    public async Task<VerifiedEvent> GetVerifiedAsync(
        long leafIndex, Hash32 eventId, CancellationToken cancellationToken = default)
    {
        var receipt = await Ledger.GetReceiptAsync(
            new GetReceiptRequest { LeafIndex = leafIndex, Wait = true }, cancellationToken: cancellationToken);
        var leaves = await Ledger.GetLeavesAsync(
            new GetLeavesRequest { FirstIndex = leafIndex }, cancellationToken: cancellationToken);
        var leaf = leaves.Leaves.Count > 0 ? leaves.Leaves[0].Memory : default;
        if (!_verifier.TryVerify(receipt.Receipt, leafIndex, leaf, out var verified, out string? error))
            throw new ReceiptInvalidException($"Leaf {leafIndex}: {error}.");
        return verified.Signed.EventId == eventId
            ? verified
            : throw new ReceiptInvalidException($"Leaf {leafIndex} holds event {verified.Signed.EventId}, not {eventId}.");
    }
}
