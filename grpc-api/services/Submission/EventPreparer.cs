using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Reading;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Submission;

/// <summary>Completes drafts out of the state. What it returns is advice: the caller checks it before signing.</summary>
internal sealed class EventPreparer(ILedgerNode node)
{
    /// <summary>Fills in network, place in the chain of acts, and key ids.</summary>
    public PrepareEventResponse Prepare(Event? draft)
    {
        var act = draft?.Clone() ?? throw RpcErrors.Malformed("draft: missing");
        CheckIds(act);
        string origin = node.Genesis.Origin;
        if (act.Network.Length > 0 && act.Network != origin)
            throw Refused(Outcome.WrongNetwork, $"network: this is {origin}");
        act.Network = origin;
        SetKeyIds(act);
        var chain = ActChain.Read(node, act);
        SetPlace(act, chain.Head);
        byte[] payload = act.ToByteArray();
        if (!EventParser.TryParse(payload, out _, out string error))
            throw RpcErrors.Malformed(error);
        return new PrepareEventResponse
        {
            Payload = UnsafeByteOperations.UnsafeWrap(payload),
            EventId = ByteString.CopyFrom(Dsse.EventId(payload).Span),
            Head = chain.Head,
            Size = chain.Size,
            LedgerTimeMs = chain.LedgerTimeMs,
        };
    }

    // The state is asked for these before the parser sees them.
    private static void CheckIds(Event act)
    {
        if (!MemberCard.IsName(act.Organisation))
            throw RpcErrors.Malformed("organisation: not a name");
        var ids = new[] { act.PrescriptionId, act.ResponsibleId, ActKinds.PractitionerId(act) ?? ByteString.Empty };
        if (ids.Any(id => id.Length is not 0 and not PrescriptionView.IdBytes))
            throw RpcErrors.Malformed($"ids have {PrescriptionView.IdBytes} bytes");
    }

    private void SetKeyIds(Event act)
    {
        act.KeyIds.Clear();
        var organisation = node.ReadState<Organisation>(EntityKind.Organisation, Encoding.UTF8.GetBytes(act.Organisation)).Value
            ?? throw Refused(Outcome.NotAuthorised, $"organisation: {act.Organisation} is not a member");
        act.KeyIds.Add(organisation.KeyId);
        if (act.ResponsibleId.IsEmpty)
            return;
        var practitioner = node.ReadState<Practitioner>(EntityKind.Practitioner, act.ResponsibleId.Memory).Value
            ?? throw Refused(Outcome.PractitionerUnknown, "responsible_id: not registered");
        act.KeyIds.Add(practitioner.KeyId);
    }

    private static void SetPlace(Event act, Head head)
    {
        if (ActKinds.IsAboutNetwork(act))
        {
            (act.Sequence, act.PreviousEventId) = (0, ByteString.Empty);
            return;
        }
        bool opens = ActKinds.Opens(act);
        if (opens && head.Sequence > 0)
            throw Refused(Outcome.AlreadyExists, "the id is taken");
        if (!opens && head.Sequence == 0)
            throw Refused(Outcome.NotFound, "nothing of this id is on the ledger");
        // A side act cites the head, all others follow it.
        act.Sequence = ActKinds.IsSide(act) ? head.Sequence : head.Sequence + 1;
        act.PreviousEventId = head.EventId;
    }

    private static RpcException Refused(Outcome outcome, string detail) => RpcErrors.Exception(
        OutcomeStatus.Code(outcome), OutcomeStatus.Reason(outcome), detail, ("detail", detail));
}
