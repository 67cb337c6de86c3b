using RxChain.Prescriptions.Events;
using Act = RxChain.Prescriptions.Events.Event.ActOneofCase;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

internal sealed partial class NaiveModel
{
    private static readonly Dictionary<Act, (Role[] Roles, Profession Signer)> Table = new()
    {
        [Act.Issue] = ([Role.Hospital], Profession.Prescriber),
        [Act.Review] = ([Role.Hospital, Role.Pharmacy], Profession.Pharmacist),
        [Act.Confirm] = ([Role.Hospital], Profession.Prescriber),
        [Act.Claim] = ([Role.Pharmacy], 0),
        [Act.ExtendClaim] = ([Role.Pharmacy], 0),
        [Act.ReturnClaim] = ([Role.Pharmacy], 0),
        [Act.Dispense] = ([Role.Pharmacy], Profession.Pharmacist),
        [Act.Close] = ([Role.Pharmacy], 0),
        [Act.Cancel] = ([Role.Hospital], 0),
        [Act.SuspendPractitioner] = ([Role.Regulator], 0),
        [Act.ReinstatePractitioner] = ([Role.Regulator], 0),
    };

    private static string Subject(Event e) =>
        (e.SuspendPractitioner?.PractitionerId ?? e.ReinstatePractitioner.PractitionerId).ToBase64();

    private void CollectActor(Event e, ulong leaf)
    {
        (Role[] roles, Profession signer) = Table[e.ActCase];
        if (e.Cancel?.Token is not null) roles = [Role.Hospital, Role.Pharmacy];
        RefuseIf(!roles.Contains(e.Role) || Members.GetValueOrDefault(e.Organisation) != e.Role, Outcome.NotAuthorised);
        string[] actors = e.ResponsibleId.IsEmpty ? [e.Organisation] : [e.Organisation, e.ResponsibleId.ToBase64()];
        for (int i = 0; i < actors.Length; i++)
        {
            (string owner, ulong dead) = Keys[e.KeyIds[i].ToBase64()];
            RefuseIf(owner != actors[i], Outcome.KeyNotOfActor);
            RefuseIf(leaf >= dead, Outcome.KeyRevoked);
        }
        foreach (string id in new[] { e.ResponsibleId.ToBase64(), e.AuthorId.ToBase64() }.Where(id => id.Length > 0))
        {
            RefuseIf(!People.ContainsKey(id), Outcome.PractitionerUnknown);
            if (!People.TryGetValue(id, out Person? person)) continue;
            RefuseIf(person.Suspended, Outcome.PractitionerSuspended);
            RefuseIf(!person.Work.Split(' ').Contains(e.Organisation), Outcome.PractitionerNotAtOrganisation);
            RefuseIf(id == e.ResponsibleId.ToBase64() && person.Profession != signer, Outcome.ProfessionNotAllowed);
        }
    }

    private void CollectCredential(Event e)
    {
        Person person = People[Subject(e)];
        RefuseIf(e.Sequence != person.Acts + 1 || e.PreviousEventId.ToBase64() != person.Chain, Outcome.Stale);
        RefuseIf(e.TimeMs < person.LastMs, Outcome.TimeBeforePredecessor);
        RefuseIf(person.Suspended == (e.ActCase == Act.SuspendPractitioner), Outcome.WrongState);
    }

    private void CollectLifecycle(Event e, bool tokenValid, long now)
    {
        Prescription? rx = Prescriptions.GetValueOrDefault(e.PrescriptionId.ToBase64());
        if (e.Issue is not null) CollectIssue(e, rx, now);
        else if (rx is null) refusals.Add(Outcome.NotFound);
        else CollectOnExisting(rx, e, tokenValid, now);
    }

    private void CollectIssue(Event e, Prescription? rx, long now)
    {
        RefuseIf(rx is not null, Outcome.AlreadyExists);
        RefuseIf(e.Issue.NotAfterMs - e.Issue.NotBeforeMs > policy.LongestWindowMs, Outcome.WindowTooLong);
        RefuseIf(e.Issue.NotAfterMs <= now, Outcome.EndsInPast);
        if (e.Issue.Group is not { } g) return;
        Prescription? after = Prescriptions.GetValueOrDefault(g.AfterId.ToBase64());
        RefuseIf(after is not null && after.Group != g.GroupId.ToBase64(), Outcome.GroupMismatch);
        if (!groups.TryGetValue(g.GroupId.ToBase64(), out var group)) return;
        RefuseIf(group.Numbers.Contains(g.Number), Outcome.AlreadyExists);
        RefuseIf(group.Issuer != e.Organisation || group.Of != g.Of, Outcome.GroupMismatch);
    }

    private void CollectOnExisting(Prescription rx, Event e, bool tokenValid, long now)
    {
        RefuseIf(e.Sequence != rx.Acts.Count + 1 || e.PreviousEventId.ToBase64() != rx.Acts[^1], Outcome.Stale);
        RefuseIf(e.TimeMs < rx.LastMs, Outcome.TimeBeforePredecessor);
        RefuseIf(rx.Status == "Cancelled", Outcome.Cancelled);
        RefuseIf(rx.Status == "Completed", Outcome.Completed);
        RefuseIf(rx.Status == "Rejected", Outcome.Rejected);
        RefuseIf(rx.Status == "Expired", Outcome.Expired);
        bool holds = rx.Status == "Claimed" && rx.Holder == e.Organisation;
        bool needsClaim = e.ActCase is Act.ExtendClaim or Act.ReturnClaim or Act.Dispense or Act.Close
            || (e.Review is not null && rx.Status != "Issued");
        RefuseIf(needsClaim && !holds && !rx.Finished, Outcome.NotHolder);
        bool wantsMore = e.ActCase is Act.ExtendClaim or Act.Dispense or Act.Close or Act.Cancel
            || (e.Review is not null && e.Review.Verdict != Verdict.Reject);
        RefuseIf(wantsMore && rx.Status == "Claimed" && rx.CancelWanted, Outcome.CancellationPending);
        if (e.Claim is not null) CollectClaim(rx, e, tokenValid, now);
        if (e.Review is not null) CollectReview(rx, e);
        if (e.Confirm is not null) CollectConfirm(rx, e);
        if (e.Cancel is not null) CollectCancel(rx, e, tokenValid);
        if (e.Dispense is not null) CollectDispense(rx, e);
    }

    private void CollectClaim(Prescription rx, Event e, bool tokenValid, long now)
    {
        bool byToken = e.Claim.Token is { } token && tokenValid && token.TokenKey.ToBase64() == rx.Token;
        bool byNomination = e.Claim.Nominee is not null && rx.Nominee == e.Organisation;
        RefuseIf(e.Claim.Token is not null && !byToken, Outcome.TokenInvalid);
        RefuseIf(e.Claim.Nominee is not null && !byNomination, Outcome.NotNominee);
        RefuseIf(e.Claim.ClaimNumber != rx.Claims + 1, Outcome.ClaimNumberWrong);
        RefuseIf(rx.Status == "Claimed" && rx.Holder != e.Organisation, Outcome.ClaimedByAnother);
        RefuseIf(rx.Status == "Claimed" && rx.Holder == e.Organisation, Outcome.WrongState);
        RefuseIf(now < rx.From, Outcome.NotYetValid);
        RefuseIf(rx.Status == "Issued", Outcome.ReviewMissing);
        bool waits = rx.After.Length > 0 && !(Prescriptions.TryGetValue(rx.After, out Prescription? after) && after.Finished);
        RefuseIf(waits, Outcome.PredecessorUnfinished);
    }

    private void CollectReview(Prescription rx, Event e)
    {
        string reviewer = e.ResponsibleId.ToBase64();
        RefuseIf(e.Review.Verdict != Verdict.Reject && rx.Asked, Outcome.QueryOpen);
        RefuseIf(reviewer == rx.Prescriber, Outcome.ReviewerNotIndependent);
        RefuseIf(e.Review.Verdict == Verdict.Approve && rx.Approvers.Contains(reviewer), Outcome.ReviewerNotIndependent);
    }

    private void CollectConfirm(Prescription rx, Event e)
    {
        RefuseIf(rx.Issuer != e.Organisation || rx.Prescriber != e.ResponsibleId.ToBase64(), Outcome.NotIssuer);
        RefuseIf(!rx.Asked, Outcome.NoQuery);
    }

    private void CollectCancel(Prescription rx, Event e, bool tokenValid)
    {
        if (e.Cancel.Token is { } token)
        {
            RefuseIf(!tokenValid || token.TokenKey.ToBase64() != rx.Token, Outcome.TokenInvalid);
            RefuseIf(rx.Status == "Claimed", Outcome.WrongState);
        }
        else
        {
            RefuseIf(rx.Issuer != e.Organisation, Outcome.NotIssuer);
        }
    }

    private void CollectDispense(Prescription rx, Event e)
    {
        RefuseIf(rx.Asked, Outcome.QueryOpen);
        RefuseIf(rx.Approvers.Count < policy.ApprovalsBeforeDispense, Outcome.ReviewMissing);
        var items = e.Dispense.Items;
        RefuseIf(items.Any(i => i.Line >= rx.Left.Count), Outcome.LineUnknown);
        for (int n = 0; n < rx.Left.Count; n++)
        {
            DispensedItem[] mine = [.. items.Where(i => i.Line == n)];
            RefuseIf(rx.Fixed[n] && mine.Any(i => i.SubstitutionCode != 0), Outcome.SubstitutionForbidden);
            RefuseIf(mine.Sum(i => i.FulfilsUnits) > rx.Left[n], Outcome.UnitsExceeded);
        }
        RefuseIf(policy.PackCodesMandatory && items.Any(i => i.Packs.Count == 0), Outcome.PackCodeMissing);
        RefuseIf(PacksAfter(e) is null, Outcome.PackAlreadyUsed);
    }

    private Dictionary<string, PackUsed>? PacksAfter(Event e)
    {
        var after = new Dictionary<string, PackUsed>(PacksUsed);
        foreach (PackUse use in e.Dispense.Items.SelectMany(i => i.Packs))
        {
            string mac = use.PackMac.ToBase64();
            PackUsed old = after.GetValueOrDefault(mac) ?? new PackUsed(e.Organisation, use.Content, 0);
            if (old.Pharmacy != e.Organisation || old.Content != use.Content) return null;
            after[mac] = old with { Taken = old.Taken + use.Taken };
            if (after[mac].Taken > use.Content) return null;
        }
        return after;
    }
}
