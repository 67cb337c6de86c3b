using Google.Protobuf.Collections;
using RxChain.Engine;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Reading;

/// <summary>Where the chain of acts that an event extends stands.</summary>
/// <param name="Head">The last accepted act.</param>
/// <param name="Size">Leaves applied when it was read.</param>
/// <param name="LedgerTimeMs">Ledger time there.</param>
internal sealed record ActChain(Head Head, long Size, long LedgerTimeMs)
{
    /// <summary>Reads the chain of the prescription, or the practitioner, that the act is about. An act about the network has none.</summary>
    public static ActChain Read(ILedgerNode node, Event act)
    {
        if (ActKinds.IsAboutNetwork(act))
        {
            var network = node.ReadState<NetworkRecord>(EntityKind.Network, EntityIds.Network.ToArray());
            return new ActChain(new Head(), network.Size, network.LedgerTimeMs);
        }
        if (ActKinds.PractitionerId(act) is { } practitionerId)
        {
            var practitioner = node.ReadState<Practitioner>(EntityKind.Practitioner, practitionerId.Memory);
            return new ActChain(Last(practitioner.Value?.Acts), practitioner.Size, practitioner.LedgerTimeMs);
        }
        var prescription = node.ReadState<RxChain.Prescriptions.State.Prescription>(EntityKind.Prescription, act.PrescriptionId.Memory);
        return new ActChain(Last(prescription.Value?.Acts), prescription.Size, prescription.LedgerTimeMs);
    }

    /// <summary>The head of a list of accepted acts.</summary>
    public static Head Last(RepeatedField<ActRef>? acts) => acts is { Count: > 0 }
        ? new Head { Sequence = (uint)acts.Count, EventId = acts[^1].EventId }
        : new Head();
}
