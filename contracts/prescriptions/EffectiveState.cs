using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions;

/// <summary>What a stored prescription means at a ledger time. Claims time out and windows end without
/// any event, so the stored status alone is not the answer.</summary>
public static class EffectiveState
{
    /// <summary>The status at this ledger time. Anything but <see cref="PrescriptionStatus.Claimed"/> means
    /// that there is no holder, whatever is stored.</summary>
    /// <returns><see cref="PrescriptionStatus.Unspecified"/> when the id was never issued.</returns>
    public static PrescriptionStatus At(Prescription prescription, long ledgerTimeMs) => prescription.Status switch
    {
        PrescriptionStatus.Issued or PrescriptionStatus.Active =>
            Unclaimed(prescription, prescription.Status, ledgerTimeMs),
        PrescriptionStatus.Claimed when ledgerTimeMs >= prescription.ClaimUntilMs =>
            AfterClaim(prescription, ledgerTimeMs),
        _ => prescription.Status,
    };

    /// <summary>The status once the claim ends without completing the prescription.</summary>
    internal static PrescriptionStatus AfterClaim(Prescription prescription, long ledgerTimeMs) =>
        prescription.CancellationPending
            ? PrescriptionStatus.Cancelled
            : Unclaimed(prescription, PrescriptionStatus.Active, ledgerTimeMs);

    /// <summary>The status of an open prescription that nobody holds.</summary>
    internal static PrescriptionStatus Unclaimed(Prescription prescription, PrescriptionStatus open, long ledgerTimeMs) =>
        ledgerTimeMs >= prescription.NotAfterMs ? PrescriptionStatus.Expired : open;
}
