namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>What time alone does.</content>
internal sealed partial class NaiveModel
{
    /// <summary>Lets time pass: claims lapse, windows end.</summary>
    public void Tick(long ledgerTime)
    {
        now = ledgerTime;
        foreach (Rx rx in Prescriptions.Values)
        {
            if (rx.Status == "Claimed" && now >= ClaimEnd(rx)) EndClaim(rx, ClaimEnd(rx));
            if (rx.Status is "Issued" or "Active" && now >= rx.Until) rx.Status = "Expired";
        }
    }

    /// <summary>When the newest claim ends, if nothing else happens. The clock does not run in a hold.</summary>
    public static long ClaimEnd(Rx rx)
    {
        ClaimSpan claim = rx.Claims[^1];
        (long at, long toRun) = (claim.Since, claim.Period);
        foreach (HoldSpan hold in rx.Holds.Where(h => h.Until > claim.Since))
        {
            long running = Math.Max(0, hold.From - at);
            if (toRun <= running) break;
            toRun -= running;
            at = Math.Max(at, hold.Until);
        }
        return at + toRun;
    }

    public HoldSpan? HoldInForce(Rx rx) => rx.Holds.LastOrDefault(h => h.From <= now && now < h.Until);

    public IEnumerable<Dispute> OpenDisputes(Rx rx) => rx.Disputes.Where(d => now < d.Until);

    public IEnumerable<Consent> ConsentsInForce(Rx rx) => rx.Consents.Where(c => now < c.Until);

    /// <summary>Every moment at which something begins or ends, for tests that want to stand beside it.</summary>
    public IEnumerable<long> Moments()
    {
        foreach (Rx rx in Prescriptions.Values)
        {
            if (rx.Status == "Claimed") yield return ClaimEnd(rx);
            if (HoldInForce(rx) is { } hold) yield return hold.Until;
            foreach (long at in new[] { rx.From, rx.Until, rx.LastMs + policy.RetentionMs }) yield return at;
            foreach (Dispute dispute in rx.Disputes) yield return dispute.Until;
            foreach (Consent consent in rx.Consents) yield return consent.Until;
            foreach (Supply supply in rx.Supplies) yield return supply.RecordedAt + policy.ReversalPeriodMs;
        }
    }

    private void EndClaim(Rx rx, long at)
    {
        rx.Claims[^1].Until = at;
        rx.Status = rx.CancelPending ? "Cancelled" : now >= rx.Until ? "Expired" : "Active";
        rx.CancelPending = false;
    }

    private void Complete(Rx rx)
    {
        if (rx.Status == "Claimed") rx.Claims[^1].Until = now;
        (rx.Status, rx.CancelPending) = ("Completed", false);
    }

    private static bool HeldClaim(Rx rx, string pharmacy, long moment) =>
        rx.Claims.Exists(c => c.Holder == pharmacy && c.From <= moment && moment < (c.Until == long.MaxValue ? ClaimEnd(rx) : c.Until));
}
