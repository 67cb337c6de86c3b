using Google.Protobuf;
using RxChain.Engine;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using Prescription = RxChain.Protocol.V1.Prescription;
using StoredPrescription = RxChain.Prescriptions.State.Prescription;

namespace RxChain.GrpcApi.Reading;

/// <summary>Shows a stored prescription as of ledger time.</summary>
internal static class PrescriptionView
{
    /// <summary>Length of a prescription id.</summary>
    public const int IdBytes = 16;

    /// <summary>The prescription, or null when none of this id was ever issued.</summary>
    public static Prescription? Read(ILedgerNode node, ByteString id)
    {
        var read = node.ReadState<StoredPrescription>(EntityKind.Prescription, id.Memory);
        return read.Value is { Status: not PrescriptionStatus.Unspecified } stored
            ? Create(id, stored, read.Size, read.LedgerTimeMs)
            : null;
    }

    private static Prescription Create(ByteString id, StoredPrescription stored, long size, long ledgerTimeMs)
    {
        var status = EffectiveState.At(stored, ledgerTimeMs);
        bool held = status == PrescriptionStatus.Claimed;
        return new Prescription
        {
            PrescriptionId = id,
            Status = status,
            Issuer = stored.Issuer,
            PrescriberId = stored.PrescriberId,
            Lines = { stored.Lines.Select(Line) },
            NotBeforeMs = stored.NotBeforeMs,
            NotAfterMs = stored.NotAfterMs,
            Nominee = stored.Nominee,
            TokenKey = stored.TokenKey,
            GroupId = stored.GroupId,
            AfterId = stored.AfterId,
            ContentCustodian = stored.ContentCustodian,
            Approvals = { stored.Approvals },
            QueryOpen = stored.QueryOpen,
            Claims = stored.Claims,
            Holder = held ? stored.Holder : "",
            ClaimUntilMs = held ? stored.ClaimUntilMs : 0,
            CancellationPending = held && stored.CancellationPending,
            Head = ActChain.Last(stored.Acts),
            LeafCount = stored.LeafCount,
            Size = size,
            LedgerTimeMs = ledgerTimeMs,
        };
    }

    private static PrescribedLine Line(LineState line) => new()
    {
        AuthorisedUnits = line.Authorised,
        RemainingUnits = line.Remaining,
        SubstitutionForbidden = line.SubstitutionForbidden,
    };
}
