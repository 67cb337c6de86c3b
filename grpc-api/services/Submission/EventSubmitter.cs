using System.Text;
using Google.Protobuf;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Errors;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using Commitment = RxChain.Protocol.V1.Commitment;
using EngineCommitment = RxChain.Engine.Commitment;

namespace RxChain.GrpcApi.Submission;

/// <summary>Hands envelopes to the node, each request id standing for one event.</summary>
internal sealed class EventSubmitter(ILedgerNode node, IRequestIds requestIds) : IDisposable
{
    private const int MaxRequestIdBytes = 64;

    private readonly KeyDirectory _keys = new();

    /// <summary>Submits one envelope and says what became of it; a refusal is a result.</summary>
    public async Task<BulkResult> SubmitAsync(
        ReadOnlyMemory<byte> envelope, string requestId, Commitment commitment, CancellationToken cancellationToken)
    {
        if (!SignedEvent.TryParse(envelope, out var signed, out var refusal))
            return Refused(new SubmitResult(default, refusal.Outcome, refusal.Detail, -1, false), null);
        if (Encoding.UTF8.GetByteCount(requestId) > MaxRequestIdBytes)
            return Refused(new SubmitResult(signed.EventId, Outcome.Malformed, $"request_id: more than {MaxRequestIdBytes} bytes", -1, false), null);
        try
        {
            if (requestId.Length > 0 && IsBySigners(signed))
            {
                var first = await requestIds.BindAsync(signed.Event.Organisation, requestId, signed.EventId);
                if (first != signed.EventId)
                    return new BulkResult { Error = Refusals.RequestIdUsed(requestId, first) };
            }
            var result = await node.SubmitAsync(signed, Resolve(commitment, signed.Event), cancellationToken);
            return result.Outcome == Outcome.Accepted ? Accepted(result) : Refused(result, signed.Event);
        }
        catch (OrderingUnavailableException e)
        {
            return new BulkResult { Error = Refusals.Unavailable(e, signed.EventId) };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();

    // Who did not sign must not use up an organisation's request ids. The node says what is wrong with such an event.
    private bool IsBySigners(SignedEvent signed)
    {
        if (signed.Event.Network != node.Genesis.Origin)
            return false;
        foreach (var keyId in signed.Event.KeyIds)
        {
            if (node.ReadState<Key>(EntityKind.Key, keyId.Memory).Value is { } key)
                _keys.Add(key.PublicKey.Span);
        }
        return new EventVerifier(_keys).CheckEnvelope(signed) == SignatureVerdict.Valid;
    }

    private static EngineCommitment Resolve(Commitment asked, Event act) => asked switch
    {
        Commitment.Ordered => EngineCommitment.Ordered,
        Commitment.Final => EngineCommitment.Final,
        _ => act.ActCase is Event.ActOneofCase.Claim or Event.ActOneofCase.Dispense
            ? EngineCommitment.Final
            : EngineCommitment.Ordered,
    };

    private static BulkResult Accepted(SubmitResult result) => new()
    {
        Accepted = new SubmitEventResponse
        {
            EventId = ByteString.CopyFrom(result.EventId.Span),
            LeafIndex = result.LeafIndex,
            Duplicate = result.Duplicate,
        },
    };

    private BulkResult Refused(SubmitResult result, Event? act) => new() { Error = Refusals.Of(node, result, act) };
}
