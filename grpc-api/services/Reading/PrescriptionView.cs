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
        var view = new Prescription
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
            BoundPharmacy = stored.BoundPharmacy,
            GroupId = stored.GroupId,
            AfterId = stored.AfterId,
            ContentCustodian = stored.ContentCustodian,
            Approvals = { stored.Approvals },
            QueryOpen = stored.QueryOpen,
            Claims = stored.Claims,
            Supplies = { stored.Supplies },
            Erased = stored.Erased,
            ReplacedBy = stored.ReplacedBy,
            CoveredBy = stored.CoveredBy,
            Emergency = stored.Issuer.Length == 0,
            Head = ActChain.Last(stored.Acts),
            LeafCount = stored.LeafCount,
            Size = size,
            LedgerTimeMs = ledgerTimeMs,
        };
        if (status == PrescriptionStatus.Claimed)
            ShowClaim(view, stored);
        ShowInForce(view, stored, ledgerTimeMs);
        return view;
    }

    private static void ShowClaim(Prescription view, StoredPrescription stored)
    {
        view.Holder = stored.Holder;
        view.ClaimFromMs = stored.ClaimFromMs;
        view.ClaimUntilMs = stored.ClaimUntilMs;
        view.CancellationPending = stored.CancellationPending;
    }

    // What ended at its end date stays stored until the next act.
    private static void ShowInForce(Prescription view, StoredPrescription stored, long ledgerTimeMs)
    {
        if (stored.Hold is { } hold && hold.UntilMs > ledgerTimeMs)
            view.Hold = hold;
        view.Disputes.Add(stored.Disputes.Where(dispute => dispute.UntilMs > ledgerTimeMs));
        view.Consents.Add(stored.Consents.Where(consent => consent.UntilMs > ledgerTimeMs));
    }

    private static PrescribedLine Line(LineState line) => new()
    {
        AuthorisedUnits = line.Authorised,
        RemainingUnits = line.Remaining,
        SubstitutionForbidden = line.SubstitutionForbidden,
    };
}
