using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using ReverseKind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>What is handed over, late or not, and what is taken back.</content>
internal sealed partial class NaiveModel
{
    private void RefuseDispense(Rx rx)
    {
        RefuseIf(HoldInForce(rx) is not null, Outcome.Held);
        RefuseIf(rx.QueryOpen, Outcome.QueryOpen);
        RefuseIf(rx.Approvers.Count < policy.ApprovalsBeforeDispense, Outcome.ReviewMissing);
        RefuseItems(rx, e.Dispense.Items, e.Dispense.Payer);
        for (int n = 0; n < rx.Lines.Count; n++)
            RefuseIf(e.Dispense.Items.Where(i => i.Line == n).Sum(i => i.FulfilsUnits) > rx.Left(n), Outcome.UnitsExceeded);
        RefusePacksInUse(e.Dispense.Items);
    }

    private void RefuseEmergencySupply()
    {
        RefuseItems(null, e.EmergencySupply.Items, e.EmergencySupply.Payer);
        RefusePacksInUse(e.EmergencySupply.Items);
    }

    private void RefuseRecordSupply(Rx rx)
    {
        RecordSupply supply = e.RecordSupply;
        if (supply.Token is { } token)
        {
            TokenSpan? span = rx.Tokens.Find(t => t.Key == Text(token.TokenKey));
            RefuseIf(!statementValid || span is null, Outcome.TokenInvalid);
            RefuseIf(span is not null && e.TimeMs >= span.Until, Outcome.TokenReplaced);
        }
        else
        {
            RefuseIf(!HeldClaim(rx, e.Organisation, e.TimeMs), Outcome.NoClaimThen);
        }
        bool again = rx.Supplies.Exists(s => s.Late && s.Dispenser == e.Organisation && s.HandedOver == e.TimeMs);
        RefuseIf(again, Outcome.SupplyAlreadyRecorded);
        RefuseItems(rx, supply.Items, supply.Payer);
    }

    /// <summary>What must be right in every supply; without a prescription there are no lines to look at.</summary>
    private void RefuseItems(Rx? rx, RepeatedField<DispensedItem> items, string payer)
    {
        foreach (DispensedItem item in items)
        {
            RefuseIf(rx is not null && item.Line >= rx.Lines.Count, Outcome.LineUnknown);
            bool asPrescribed = rx is null || item.Line >= rx.Lines.Count || !rx.Lines[(int)item.Line].NoSubstitution;
            RefuseIf(!asPrescribed && item.SubstitutionCode != 0, Outcome.SubstitutionForbidden);
            RefuseIf(policy.PackCodesMandatory && item.Packs.Count == 0, Outcome.PackCodeMissing);
            foreach (PackUse use in item.Packs)
            {
                RefuseIf(use.KeyVersion != policy.PackKeyVersion, Outcome.PackKeyWrong);
                RefuseIf(use.PreviousMac.IsEmpty == policy.PackKeyExchange, Outcome.PackKeyWrong);
            }
        }
        bool insurer = Members.TryGetValue(payer, out Member? member) && member.Roles.Contains(Role.Insurer);
        RefuseIf(payer.Length > 0 && !insurer, Outcome.PayerUnknown);
    }

    private void DoSupply(Rx rx, Recorded record, RepeatedField<DispensedItem> items, string payer)
    {
        var supply = new Supply
        {
            Id = id,
            Dispenser = e.Organisation,
            Payer = payer,
            RecordedAt = now,
            HandedOver = e.TimeMs,
            Late = e.RecordSupply is not null,
        };
        rx.Supplies.Add(supply);
        foreach (DispensedItem given in items)
        {
            int line = (int)given.Line;
            long counted = rx.Emergency ? 0 : Math.Min(given.FulfilsUnits, rx.Left(line));
            var item = new Item { Line = line, Counted = counted, Excess = given.FulfilsUnits - counted };
            if (item.Excess > 0 && !rx.Emergency) record.Marks.Add("EXCESS_SUPPLY");
            supply.Items.Add(item);
            foreach (PackUse use in given.Packs)
                if (!TakeFromPack(use, item)) record.Marks.Add("PACK_CONFLICT");
        }
        if (!rx.Finished && !rx.AnythingLeft) Complete(rx);
    }

    private Supply? FindSupply(Rx rx, Google.Protobuf.ByteString supplyId)
    {
        Supply? supply = rx.Supplies.Find(s => s.Id == Text(supplyId));
        RefuseIf(supply is null, Outcome.DispenseNotFound);
        return supply;
    }

    private void RefuseCorrect(Rx rx)
    {
        RefuseIf(rx.Erased, Outcome.ContentErased);
        if (FindSupply(rx, e.Correct.DispenseId) is not { } supply) return;
        RefuseIf(!CallerIs(supply.Dispenser), Outcome.NotDispenser);
        RefuseIf(supply.WhollyReversed, Outcome.DispenseReversed);
    }

    private void RefuseReverse(Rx rx)
    {
        if (FindSupply(rx, e.Reverse.DispenseId) is not { } supply) return;
        RefuseIf(!CallerIs(supply.Dispenser), Outcome.NotDispenser);
        RefuseIf(e.Reverse.Items.Any(i => i.Item >= supply.Items.Count), Outcome.DispenseNotFound);
        RefuseIf(supply.WhollyReversed, Outcome.DispenseReversed);
        RefuseIf(e.Reverse.Items.Any(i => i.Item < supply.Items.Count && supply.Items[(int)i.Item].Reversed), Outcome.DispenseReversed);
        bool late = now > supply.RecordedAt + policy.ReversalPeriodMs;
        RefuseIf(e.Reverse.Kind == ReverseKind.NotHandedOver && late, Outcome.ReversalTooLate);
    }

    private void DoReverse(Rx rx, Recorded record)
    {
        Supply supply = rx.Supplies.Find(s => s.Id == Text(e.Reverse.DispenseId))!;
        for (int n = 0; n < supply.Items.Count; n++)
        {
            if (supply.Items[n].Reversed) continue;
            if (e.Reverse.Items.Count > 0 && !e.Reverse.Items.Any(i => i.Item == n)) continue;
            supply.Items[n].Reversed = true;
            if (e.Reverse.Kind == ReverseKind.NotHandedOver) supply.Items[n].Uses.ForEach(Free);
        }
        if (supply.Settled)
        {
            supply.RecoveryDue = true;
            record.Marks.Add("RECOVERY_DUE");
        }
        if (rx.Status != "Completed" || !rx.AnythingLeft) return;
        rx.Status = now >= rx.Until ? "Expired" : EnoughApproved(rx) ? "Active" : "Issued";
    }
}
