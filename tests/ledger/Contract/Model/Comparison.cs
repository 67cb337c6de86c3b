using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>The contract's state and the model's, both as text, so that a difference can be read.</summary>
internal static class Comparison
{
    private static readonly string[] MarkNames = ["EXCESS_SUPPLY", "PACK_CONFLICT", "CLAIM_OVERRIDE", "RECOVERY_DUE", "EMERGENCY_SUPPLY"];

    public static void Check(World world, NaiveModel model, IEnumerable<ByteString> ids)
    {
        foreach (ByteString id in ids)
        {
            var stored = world.State.Peek<Prescription>(EntityKind.Prescription, id);
            NaiveModel.Rx? rx = model.Prescriptions.GetValueOrDefault(NaiveModel.Text(id));
            string expected = rx is null ? "nothing" : Describe(model, rx);
            string actual = stored is null ? "nothing" : Describe(stored, world.Now);
            if (expected != actual) Assert.Fail($"model:\n{expected}\ncontract:\n{actual}");
            if (rx is not null) CheckSideActs(world, id, rx);
        }
    }

    /// <summary>Every pack that the model knows.</summary>
    public static void CheckPacks(World world, NaiveModel model)
    {
        foreach ((string mac, NaiveModel.PackBox box) in model.Packs) CheckPack(world, mac, box);
    }

    private static string Describe(NaiveModel model, NaiveModel.Rx rx) => string.Join('\n',
        $"{rx.Status} {rx.Holder} {(rx.Status == "Claimed" ? NaiveModel.ClaimEnd(rx) : 0)} pending {rx.CancelPending} claims {rx.Claims.Count}",
        $"lines {string.Join(' ', rx.Lines.Select((l, n) => $"{rx.Left(n)}/{l.Units}"))} query {rx.QueryOpen} erased {rx.Erased}",
        $"acts {string.Join(' ', rx.Acts.Select(a => $"{a.Id[..6]}{Marks(a)}"))}",
        $"issuer {rx.Issuer} token {rx.Tokens.LastOrDefault()?.Key} bound {rx.Bound} old {string.Join(' ', rx.Tokens.SkipLast(1).Select(t => $"{t.Key} {t.Until}"))}",
        $"approved {string.Join(' ', rx.Approvers.Order(StringComparer.Ordinal))} replaced {rx.ReplacedBy} covered {rx.CoveredBy}",
        $"supplies {string.Join("; ", rx.Supplies.Select(Describe))}",
        $"hold {(model.HoldInForce(rx) is { } hold ? $"{hold.Regulator} {hold.Reason} {hold.Until}" : "")}",
        $"disputes {string.Join("; ", model.OpenDisputes(rx).Select(d => $"{d.Id} {d.Organisation} {d.ByPatient} {d.Names} {d.Until}").Order(StringComparer.Ordinal))}",
        $"consents {string.Join("; ", model.ConsentsInForce(rx).Select(c => $"{c.Grantee} {c.Purpose} {c.Until}").Order(StringComparer.Ordinal))}");

    private static string Describe(Prescription rx, long now)
    {
        PrescriptionStatus status = EffectiveState.At(rx, now);
        bool claimed = status == PrescriptionStatus.Claimed;
        return string.Join('\n',
            $"{status} {(claimed ? rx.Holder : "")} {(claimed ? rx.ClaimUntilMs : 0)} pending {claimed && rx.CancellationPending} claims {rx.Claims}",
            $"lines {string.Join(' ', rx.Lines.Select(l => $"{l.Remaining}/{l.Authorised}"))} query {rx.QueryOpen} erased {rx.Erased}",
            $"acts {string.Join(' ', rx.Acts.Select(a => $"{NaiveModel.Text(a.EventId)[..6]}{Marks(a.Marks)}"))}",
            $"issuer {rx.Issuer} token {NaiveModel.Text(rx.TokenKey)} bound {rx.BoundPharmacy} old {string.Join(' ', rx.OldTokens.Select(t => $"{NaiveModel.Text(t.TokenKey)} {t.UntilMs}"))}",
            $"approved {string.Join(' ', rx.Approvals.Select(NaiveModel.Text).Order(StringComparer.Ordinal))} replaced {NaiveModel.Text(rx.ReplacedBy)} covered {NaiveModel.Text(rx.CoveredBy)}",
            $"supplies {string.Join("; ", rx.Supplies.Select(Describe))}",
            $"hold {(rx.Hold is { } hold && now < hold.UntilMs ? $"{hold.Regulator} {hold.ReasonCode} {hold.UntilMs}" : "")}",
            $"disputes {string.Join("; ", rx.Disputes.Where(d => now < d.UntilMs).Select(d => $"{NaiveModel.Text(d.DisputeId)} {d.Organisation} {d.ByPatient} {NaiveModel.Text(d.EventId)} {d.UntilMs}").Order(StringComparer.Ordinal))}",
            $"consents {string.Join("; ", rx.Consents.Where(c => now < c.UntilMs).Select(c => $"{c.Grantee} {c.PurposeCode} {c.UntilMs}").Order(StringComparer.Ordinal))}");
    }

    private static string Describe(NaiveModel.Supply s) =>
        $"{s.Id} {s.Dispenser} {s.Payer} {s.RecordedAt} {s.HandedOver} late {s.Late} settled {s.Settled} recovery {s.RecoveryDue} "
        + string.Join(", ", s.Items.Select(i => $"{i.Line}:{i.Counted}+{i.Excess} {i.Reversed} {string.Join(' ', i.Uses.Select(u => u.Mac[..6] + u.Taken))}"));

    private static string Describe(Supply s) =>
        $"{NaiveModel.Text(s.EventId)} {s.Dispenser} {s.Payer} {s.RecordedMs} {s.HandedOverMs} late {s.Late} settled {s.Settled} recovery {s.RecoveryDue} "
        + string.Join(", ", s.Items.Select(i => $"{i.Line}:{i.Units}+{i.ExcessUnits} {i.Reversed} {string.Join(' ', i.Packs.Select(u => NaiveModel.Text(u.PackMac)[..6] + u.Taken))}"));

    private static string Marks(NaiveModel.Recorded act) => Marks((uint)MarkNames.Select((m, n) => act.Marks.Contains(m) ? 1 << n : 0).Sum());

    private static string Marks(uint marks) => marks == 0 ? "" : $"({marks})";

    /// <summary>Kept so that the same side act again is recognised.</summary>
    private static void CheckSideActs(World world, ByteString id, NaiveModel.Rx rx)
    {
        foreach (var byOrganisation in rx.SideActs.GroupBy(a => a.Event.Organisation))
        {
            var kept = world.State.Peek<SideActs>(EntityKind.SideActs, ByteString.CopyFrom(ActKinds.SideActsId(byOrganisation.First().Event)));
            Assert.True(byOrganisation.Select(a => a.Id).SequenceEqual(kept!.Acts.Select(a => NaiveModel.Text(a.EventId))), "side acts");
        }
    }

    private static void CheckPack(World world, string mac, NaiveModel.PackBox box)
    {
        List<NaiveModel.Use> taken = NaiveModel.Taken(box);
        var stored = world.State.Peek<Pack>(EntityKind.Pack, ByteString.FromBase64(mac));
        string expected = taken.Count == 0 ? "" : $"{box.Pharmacy} {taken[0].Content} {taken.Sum(u => u.Taken)}";
        string actual = stored is null || stored.Taken == 0 ? "" : $"{stored.Pharmacy} {stored.Content} {stored.Taken}";
        Assert.True(expected == actual, $"pack {mac}, model: {expected}, contract: {actual}");
    }
}
