using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Issue: a new prescription, perhaps one repeat of a group, in another's place, or for an emergency supply.</summary>
internal static class IssueAct
{
    public static Outcome Apply(ActContext context)
    {
        Issue issue = context.Event.Issue;
        RepeatGroup? group = issue.Group is null ? null : Join(context, issue.Group);
        Prescription? replaced = FindOther(context, issue.Replaces);
        Prescription? covered = FindOther(context, issue.Covers);

        if (group is not null && (group.Issued & Bit(issue.Group!)) != 0) return Outcome.AlreadyExists;
        if (!issue.Replaces.IsEmpty && IsMissing(replaced, emergency: false)) return Outcome.ReplacedNotFound;
        if (!issue.Covers.IsEmpty && IsMissing(covered, emergency: true)) return Outcome.CoveredNotFound;
        Outcome outcome = replaced is null ? Outcome.Accepted : CheckReplaceable(context, replaced);
        if (outcome != Outcome.Accepted) return outcome;
        if (group is not null && IsOtherGroup(context, group, issue.Group!)) return Outcome.GroupMismatch;
        outcome = covered is null ? Outcome.Accepted : Cover.Check(covered, issue);
        if (outcome != Outcome.Accepted) return outcome;
        if (issue.NotAfterMs - issue.NotBeforeMs > context.Policy.LongestWindowMs) return Outcome.WindowTooLong;
        if (issue.NotAfterMs <= context.NowMs) return Outcome.EndsInPast;

        Write(context, issue);
        if (group is not null) Enter(context, group, issue.Group!);
        if (replaced is not null) Replace(context, replaced);
        if (covered is not null) Cover.Move(context, covered);
        return Outcome.Accepted;
    }

    private static RepeatGroup Join(ActContext context, Group group) =>
        context.Find<RepeatGroup>(EntityKind.Group, group.GroupId)?.Clone()
        ?? new RepeatGroup { Issuer = context.Event.Organisation, Of = group.Of };

    private static ulong Bit(Group group) => 1UL << (int)(group.Number - 1);

    /// <summary>Another prescription that this Issue changes, with its lapses carried out.</summary>
    private static Prescription? FindOther(ActContext context, ByteString id)
    {
        if (id.IsEmpty || context.Find<Prescription>(EntityKind.Prescription, id) is not { } stored) return null;
        Prescription other = stored.Clone();
        Lapses.CarryOut(other, context);
        return other;
    }

    private static bool IsMissing(Prescription? other, bool emergency) =>
        other is null or { Status: PrescriptionStatus.Unspecified } || (other.Issuer.Length == 0) != emergency;

    private static Outcome CheckReplaceable(ActContext context, Prescription replaced) =>
        Parties.IsActing(context, replaced.Issuer) ? CancelAct.CheckCancellable(replaced) : Outcome.NotIssuer;

    /// <summary>True when the group is another's, or of another size, or when the repeat to wait for belongs to another
    /// group or to none. One that is not there yet may follow: repeats can be ordered in any order.</summary>
    private static bool IsOtherGroup(ActContext context, RepeatGroup stored, Group group) =>
        stored.Issuer != context.Event.Organisation
        || stored.Of != group.Of
        || (!group.AfterId.IsEmpty
            && context.Find<Prescription>(EntityKind.Prescription, group.AfterId)
                is { Status: not PrescriptionStatus.Unspecified } awaited
            && awaited.GroupId != group.GroupId);

    private static void Enter(ActContext context, RepeatGroup stored, Group group)
    {
        stored.Issued |= Bit(group);
        context.Put(EntityKind.Group, group.GroupId, stored);
    }

    private static void Replace(ActContext context, Prescription replaced)
    {
        CancelAct.Withdraw(replaced);
        replaced.ReplacedBy = context.Event.PrescriptionId;
        context.Put(EntityKind.Prescription, context.Event.Issue.Replaces, replaced);
    }

    private static void Write(ActContext context, Issue issue)
    {
        Prescription prescription = context.Prescription;
        prescription.Status = ReviewAct.Open(context);
        prescription.Issuer = context.Event.Organisation;
        prescription.PrescriberId = context.Event.ResponsibleId;
        foreach (Line line in issue.Lines) prescription.Lines.Add(Open(line));
        prescription.NotBeforeMs = issue.NotBeforeMs;
        prescription.NotAfterMs = issue.NotAfterMs;
        prescription.TokenKey = issue.TokenKey;
        prescription.Nominee = issue.Nominee;
        prescription.ContentCustodian = issue.ContentCustodian;
        if (issue.Group is not { } group) return;
        prescription.GroupId = group.GroupId;
        prescription.AfterId = group.AfterId;
    }

    private static LineState Open(Line line) => new()
    {
        Authorised = line.Units,
        Remaining = line.Units,
        SubstitutionForbidden = line.SubstitutionForbidden,
    };
}

/// <summary>An Issue covers an emergency supply: what was handed over counts against the lines of the same number, and
/// moves to the new prescription with its settlement and its open disputes.</summary>
internal static class Cover
{
    public static Outcome Check(Prescription emergency, Issue issue)
    {
        if (!emergency.CoveredBy.IsEmpty) return Outcome.AlreadyCovered;
        Supply supply = emergency.Supplies[0];
        Span<ulong> wanted = stackalloc ulong[issue.Lines.Count];
        foreach (SuppliedItem item in supply.Items.Where(item => !item.Reversed))
        {
            if (item.Line >= issue.Lines.Count) return Outcome.CoverMismatch;
            wanted[(int)item.Line] += item.ExcessUnits;
            if (wanted[(int)item.Line] > issue.Lines[(int)item.Line].Units) return Outcome.CoverMismatch;
        }
        return SupplyActs.IsReversed(supply) ? Outcome.CoverMismatch : Outcome.Accepted;
    }

    public static void Move(ActContext context, Prescription emergency)
    {
        Prescription prescription = context.Prescription;
        Supply supply = emergency.Supplies[0];
        foreach (SuppliedItem item in supply.Items.Where(item => !item.Reversed))
        {
            prescription.Lines[(int)item.Line].Remaining -= item.ExcessUnits;
            (item.Units, item.ExcessUnits) = (item.ExcessUnits, 0);
        }
        prescription.Supplies.Add(supply);
        prescription.Disputes.Add(emergency.Disputes);
        emergency.Supplies.Clear();
        emergency.Disputes.Clear();
        emergency.CoveredBy = context.Event.PrescriptionId;
        context.Put(EntityKind.Prescription, context.Event.Issue.Covers, emergency);
        Supplies.CompleteIfSupplied(context);
    }
}
