using Google.Protobuf;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>Issue, alone, in a group, in place of another, or over an emergency supply.</content>
internal sealed partial class NaiveModel
{
    private void RefuseIssue()
    {
        RefuseIf(e.Issue.NotAfterMs - e.Issue.NotBeforeMs > policy.LongestWindowMs, Outcome.WindowTooLong);
        RefuseIf(e.Issue.NotAfterMs <= now, Outcome.EndsInPast);
        if (e.Issue.Group is { } group) RefuseGroup(group);
        if (!e.Issue.Replaces.IsEmpty) RefuseReplaced(e.Issue.Replaces);
        if (!e.Issue.Covers.IsEmpty) RefuseCovered(e.Issue.Covers);
    }

    private void RefuseGroup(Group group)
    {
        foreach (Issue other in OthersOf(group))
        {
            RefuseIf(other.Group.Number == group.Number, Outcome.AlreadyExists);
            RefuseIf(other.Group.Of != group.Of, Outcome.GroupMismatch);
        }
        string name = Text(group.GroupId);
        RefuseIf(Prescriptions.Values.Any(rx => rx.Group == name && rx.Issuer != e.Organisation), Outcome.GroupMismatch);
        RefuseIf(Prescriptions.TryGetValue(Text(group.AfterId), out Rx? after) && after.Group != name, Outcome.GroupMismatch);
    }

    private IEnumerable<Issue> OthersOf(Group group) =>
        Prescriptions.Values.Where(rx => rx.Group == Text(group.GroupId)).Select(rx => rx.Acts[0].Event.Issue);

    private void RefuseReplaced(ByteString replaces)
    {
        if (!Prescriptions.TryGetValue(Text(replaces), out Rx? replaced) || replaced.Emergency)
        {
            RefuseIf(true, Outcome.ReplacedNotFound);
            return;
        }
        RefuseIf(!CallerIs(replaced.Issuer), Outcome.NotIssuer);
        RefuseFinished(replaced);
        RefuseIf(replaced.CancelPending, Outcome.CancellationPending);
    }

    private void RefuseCovered(ByteString covers)
    {
        if (!Prescriptions.TryGetValue(Text(covers), out Rx? covered) || !covered.Emergency)
        {
            RefuseIf(true, Outcome.CoveredNotFound);
            return;
        }
        RefuseIf(covered.CoveredBy.Length > 0, Outcome.AlreadyCovered);
        if (covered.CoveredBy.Length > 0) return;
        Item[] kept = [.. covered.Supplies[0].Items.Where(i => !i.Reversed)];
        RefuseIf(kept.Length == 0, Outcome.CoverMismatch);
        RefuseIf(kept.Any(i => i.Line >= e.Issue.Lines.Count), Outcome.CoverMismatch);
        for (int n = 0; n < e.Issue.Lines.Count; n++)
            RefuseIf(kept.Where(i => i.Line == n).Sum(i => i.Excess) > e.Issue.Lines[n].Units, Outcome.CoverMismatch);
    }

    private Rx Issued()
    {
        Issue issue = e.Issue;
        var rx = new Rx
        {
            Status = policy.ApprovalsBeforeClaim == 0 ? "Active" : "Issued",
            Issuer = e.Organisation,
            Prescriber = Text(e.ResponsibleId),
            Nominee = issue.Nominee,
            Custodian = issue.ContentCustodian.Length > 0 ? issue.ContentCustodian : e.Organisation,
            Group = Text(issue.Group?.GroupId ?? ByteString.Empty),
            After = Text(issue.Group?.AfterId ?? ByteString.Empty),
            From = issue.NotBeforeMs,
            Until = issue.NotAfterMs,
            Lines = [.. issue.Lines.Select(l => new Line(l.Units, l.SubstitutionForbidden))],
        };
        if (!issue.TokenKey.IsEmpty) rx.Tokens.Add(new TokenSpan { Key = Text(issue.TokenKey), From = now });
        if (!issue.Replaces.IsEmpty) Replace(Prescriptions[Text(issue.Replaces)]);
        if (!issue.Covers.IsEmpty) Cover(rx, Prescriptions[Text(issue.Covers)]);
        return rx;
    }

    private void Replace(Rx replaced)
    {
        replaced.ReplacedBy = Text(e.PrescriptionId);
        CancelNowOrLater(replaced);
    }

    /// <summary>The supply moves to the prescription that covers it, with its disputes, and counts there.</summary>
    private void Cover(Rx rx, Rx covered)
    {
        covered.CoveredBy = Text(e.PrescriptionId);
        rx.Supplies.AddRange(covered.Supplies);
        foreach (Item item in rx.Supplies[0].Items.Where(i => !i.Reversed)) (item.Counted, item.Excess) = (item.Excess, 0);
        rx.Disputes.AddRange(covered.Disputes);
        covered.Disputes.Clear();
        covered.Supplies.Clear();
        if (!rx.AnythingLeft) Complete(rx);
    }
}
