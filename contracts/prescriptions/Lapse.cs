using Google.Protobuf;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions;

/// <summary>What ledger time alone did to a prescription.</summary>
public enum LapseKind
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A claim reached its end.</summary>
    ClaimTimedOut = 1,

    /// <summary>The window ended while nobody held the prescription, or a claim outlived the window and ended.</summary>
    Expired = 2,

    /// <summary>A regulator's hold reached its end.</summary>
    HoldEnded = 3,

    /// <summary>A dispute was neither withdrawn nor resolved nor extended in time.</summary>
    DisputeLapsed = 4,

    /// <summary>A consent reached its end.</summary>
    ConsentEnded = 5,
}

/// <summary>One thing that ends by itself.</summary>
/// <param name="Kind">What ends.</param>
/// <param name="MomentMs">Ledger time, ms since the Unix epoch: over from here on.</param>
/// <param name="Status">Status of the prescription then.</param>
/// <param name="Organisation">Whose it was: the holder, the regulator, who opened the dispute, the grantee; else empty.</param>
public sealed record Lapse(LapseKind Kind, long MomentMs, PrescriptionStatus Status, string Organisation)
{
    /// <summary>Event id of the OpenDispute, or empty.</summary>
    public ByteString DisputeId { get; init; } = ByteString.Empty;

    /// <summary>Purpose of the consent, or 0.</summary>
    public uint PurposeCode { get; init; }
}

/// <summary>What will end by itself if nobody acts before: the counterpart of what the rules carry out at the next act.</summary>
public static class PrescriptionLapses
{
    /// <summary>All lapses of a prescription as stored, past ones too that no act has carried out yet. Not in the order of their moments.</summary>
    public static IEnumerable<Lapse> Of(Prescription prescription) =>
    [
        .. OfClaim(prescription),
        .. OfWindow(prescription),
        .. OfHold(prescription),
        .. prescription.Disputes.Select(d =>
            At(prescription, LapseKind.DisputeLapsed, d.UntilMs, d.Organisation) with { DisputeId = d.DisputeId }),
        .. prescription.Consents.Select(c =>
            At(prescription, LapseKind.ConsentEnded, c.UntilMs, c.Grantee) with { PurposeCode = c.PurposeCode }),
    ];

    /// <summary>The first moment after a ledger time at which something ends; <see cref="long.MaxValue"/>: none.</summary>
    public static long NextAfter(Prescription prescription, long ledgerTimeMs)
    {
        long nextMs = long.MaxValue;
        foreach (Lapse lapse in OfClaim(prescription)) Take(lapse.MomentMs);
        foreach (Lapse lapse in OfWindow(prescription)) Take(lapse.MomentMs);
        if (prescription.Hold is { } hold) Take(hold.UntilMs);
        foreach (Dispute dispute in prescription.Disputes) Take(dispute.UntilMs);
        foreach (Consent consent in prescription.Consents) Take(consent.UntilMs);
        return nextMs;

        void Take(long momentMs)
        {
            if (momentMs > ledgerTimeMs) nextMs = Math.Min(nextMs, momentMs);
        }
    }

    private static Lapse[] OfClaim(Prescription prescription) => prescription.Status == PrescriptionStatus.Claimed
        ? [At(prescription, LapseKind.ClaimTimedOut, prescription.ClaimUntilMs, prescription.Holder)]
        : [];

    private static Lapse[] OfWindow(Prescription prescription) => prescription.Status switch
    {
        PrescriptionStatus.Issued or PrescriptionStatus.Active =>
            [At(prescription, LapseKind.Expired, prescription.NotAfterMs, "")],
        PrescriptionStatus.Claimed when !prescription.CancellationPending =>
            [At(prescription, LapseKind.Expired, Math.Max(prescription.ClaimUntilMs, prescription.NotAfterMs), "")],
        _ => [],
    };

    private static Lapse[] OfHold(Prescription prescription) => prescription.Hold is { } hold
        ? [At(prescription, LapseKind.HoldEnded, hold.UntilMs, hold.Regulator)]
        : [];

    private static Lapse At(Prescription prescription, LapseKind kind, long momentMs, string organisation) =>
        new(kind, momentMs, EffectiveState.At(prescription, momentMs), organisation);
}
