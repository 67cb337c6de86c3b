using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>Issue: a new prescription, perhaps one repeat of a group.</summary>
internal static class IssueAct
{
    public static Outcome Apply(ActContext context)
    {
        Issue issue = context.Event.Issue;
        Outcome outcome = issue.Group is null ? Outcome.Accepted : JoinGroup(context, issue.Group);
        if (outcome != Outcome.Accepted) return outcome;
        bool tooLong = issue.NotAfterMs - issue.NotBeforeMs > context.Policy.LongestWindowMs;
        if (tooLong || issue.NotAfterMs <= context.NowMs) return Outcome.OutsidePolicy;
        Write(context, issue);
        return Outcome.Accepted;
    }

    private static Outcome JoinGroup(ActContext context, Group group)
    {
        var stored = context.Find<RepeatGroup>(EntityKind.Group, group.GroupId);
        RepeatGroup joined = stored?.Clone() ?? new RepeatGroup { Issuer = context.Event.Organisation, Of = group.Of };
        ulong bit = 1UL << (int)(group.Number - 1);
        if ((joined.Issued & bit) != 0) return Outcome.AlreadyExists;
        if (joined.Issuer != context.Event.Organisation || joined.Of != group.Of) return Outcome.GroupMismatch;
        if (IsOutside(context, group)) return Outcome.GroupMismatch;
        joined.Issued |= bit;
        context.Put(EntityKind.Group, group.GroupId, joined);
        return Outcome.Accepted;
    }

    /// <summary>True when the repeat to wait for is there, but belongs to another group or to none. One that
    /// is not there yet may follow: the repeats of a group can be ordered in any order.</summary>
    private static bool IsOutside(ActContext context, Group group) =>
        !group.AfterId.IsEmpty
        && context.Find<Prescription>(EntityKind.Prescription, group.AfterId)
            is { Status: not PrescriptionStatus.Unspecified } awaited
        && awaited.GroupId != group.GroupId;

    private static void Write(ActContext context, Issue issue)
    {
        Prescription prescription = context.Prescription;
        prescription.Status = context.Policy.ApprovalsBeforeClaim == 0
            ? PrescriptionStatus.Active
            : PrescriptionStatus.Issued;
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
