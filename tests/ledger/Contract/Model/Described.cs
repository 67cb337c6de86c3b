using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>The contract's state and the model's, both as the same kind of text, so that a difference can be read.</summary>
internal static class Described
{
    private static readonly string[] MarkNames =
    [
        "EXCESS_SUPPLY", "PACK_CONFLICT", "CLAIM_OVERRIDE", "RECOVERY_DUE", "EMERGENCY_SUPPLY",
    ];

    public static string Of(NaiveModel model, NaiveModel.Rx rx)
    {
        long claimEnd = rx.Status == "Claimed" ? NaiveModel.ClaimEnd(rx) : 0;
        NaiveModel.HoldSpan? hold = model.HoldInForce(rx);
        return string.Join('\n',
            $"{rx.Status} {rx.Holder} {claimEnd} pending {rx.CancelPending} claims {rx.Claims.Count}",
            $"lines {List(rx.Lines.Select((l, n) => $"{rx.Left(n)}/{l.Units}"))} query {rx.QueryOpen} erased {rx.Erased}",
            $"acts {List(rx.Acts.Select(a => a.Id[..6] + Marks(a)))} replaced {rx.ReplacedBy} covered {rx.CoveredBy}",
            $"issuer {rx.Issuer} token {rx.Tokens.LastOrDefault()?.Key} bound {rx.Bound}",
            $"old {List(rx.Tokens.SkipLast(1).Select(t => $"{t.Key} {t.Until}"))}",
            $"approved {Sorted(rx.Approvers)}",
            $"supplies {List(rx.Supplies.Select(Of))}",
            $"hold {(hold is null ? "" : $"{hold.Regulator} {hold.Reason} {hold.Until}")}",
            $"disputes {Sorted(model.OpenDisputes(rx).Select(d => $"{d.Id} {d.Organisation} {d.ByPatient} {d.Names} {d.Until}"))}",
            $"consents {Sorted(model.ConsentsInForce(rx).Select(c => $"{c.Grantee} {c.Purpose} {c.Until}"))}");
    }

    public static string Of(Prescription rx, long now)
    {
        PrescriptionStatus status = EffectiveState.At(rx, now);
        bool claimed = status == PrescriptionStatus.Claimed;
        (string holder, long claimEnd) = claimed ? (rx.Holder, rx.ClaimUntilMs) : ("", 0);
        HoldState? hold = rx.Hold?.UntilMs > now ? rx.Hold : null;
        return string.Join('\n',
            $"{status} {holder} {claimEnd} pending {claimed && rx.CancellationPending} claims {rx.Claims}",
            $"lines {List(rx.Lines.Select(l => $"{l.Remaining}/{l.Authorised}"))} query {rx.QueryOpen} erased {rx.Erased}",
            $"acts {List(rx.Acts.Select(a => Text(a.EventId)[..6] + Marks(a.Marks)))} replaced {Text(rx.ReplacedBy)} covered {Text(rx.CoveredBy)}",
            $"issuer {rx.Issuer} token {Text(rx.TokenKey)} bound {rx.BoundPharmacy}",
            $"old {List(rx.OldTokens.Select(t => $"{Text(t.TokenKey)} {t.UntilMs}"))}",
            $"approved {Sorted(rx.Approvals.Select(Text))}",
            $"supplies {List(rx.Supplies.Select(Of))}",
            $"hold {(hold is null ? "" : $"{hold.Regulator} {hold.ReasonCode} {hold.UntilMs}")}",
            $"disputes {Sorted(rx.Disputes.Where(d => now < d.UntilMs).Select(Of))}",
            $"consents {Sorted(rx.Consents.Where(c => now < c.UntilMs).Select(c => $"{c.Grantee} {c.PurposeCode} {c.UntilMs}"))}");
    }

    private static string Of(NaiveModel.Supply s) =>
        $"{s.Id} {s.Dispenser} {s.Payer} {s.RecordedAt} {s.HandedOver} late {s.Late} settled {s.Settled} recovery {s.RecoveryDue}: "
        + List(s.Items.Select(i => $"{i.Line}:{i.Counted}+{i.Excess} {i.Reversed} {List(i.Uses.Select(u => u.Mac[..6] + u.Taken))}"));

    private static string Of(Supply s) =>
        $"{Text(s.EventId)} {s.Dispenser} {s.Payer} {s.RecordedMs} {s.HandedOverMs} late {s.Late} settled {s.Settled} recovery {s.RecoveryDue}: "
        + List(s.Items.Select(i => $"{i.Line}:{i.Units}+{i.ExcessUnits} {i.Reversed} {List(i.Packs.Select(u => Text(u.PackMac)[..6] + u.Taken))}"));

    private static string Of(Dispute d) => $"{Text(d.DisputeId)} {d.Organisation} {d.ByPatient} {Text(d.EventId)} {d.UntilMs}";

    private static string Marks(NaiveModel.Recorded act) =>
        Marks((uint)MarkNames.Select((mark, bit) => act.Marks.Contains(mark) ? 1 << bit : 0).Sum());

    private static string Marks(uint marks) => marks == 0 ? "" : $"({marks})";

    private static string Text(ByteString bytes) => NaiveModel.Text(bytes);

    private static string List(IEnumerable<string> texts) => string.Join("; ", texts);

    private static string Sorted(IEnumerable<string> texts) => List(texts.Order(StringComparer.Ordinal));
}
