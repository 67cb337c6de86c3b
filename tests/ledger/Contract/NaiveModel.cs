using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The rules a second time, from the table of the design and without a thought for speed: plain
/// dictionaries, timers that fire, every refusal that applies is collected and the lowest number given.</summary>
internal sealed partial class NaiveModel(Policy policy)
{
    public sealed class Prescription
    {
        public string Status = "", Issuer = "", Prescriber = "", Token = "", Nominee = "", Group = "", After = "", Holder = "";
        public List<string> Acts = [];
        public List<long> Left = [];
        public List<bool> Fixed = [];
        public HashSet<string> Approvers = [];
        public long LastMs, From, Until, ClaimUntil, Claims;
        public bool Asked, CancelWanted;

        public bool Finished => Status is "Completed" or "Cancelled" or "Rejected" or "Expired";
    }

    public sealed class Person
    {
        public string Work = "", Chain = "";
        public Profession Profession;
        public bool Suspended;
        public uint Acts = 1;
        public long LastMs;
    }

    public sealed record PackUsed(string Pharmacy, uint Content, uint Taken);

    public Dictionary<string, Prescription> Prescriptions { get; } = [];

    public Dictionary<string, PackUsed> PacksUsed { get; private set; } = [];

    /// <summary>Owner of each key, and the leaf from which it is dead.</summary>
    public Dictionary<string, (string Owner, ulong Dead)> Keys { get; } = [];

    public Dictionary<string, Person> People { get; } = [];

    public Dictionary<string, Role> Members { get; } = [];

    private readonly Dictionary<string, (string Issuer, uint Of, HashSet<uint> Numbers)> groups = [];
    private readonly SortedSet<Outcome> refusals = [];

    public Outcome Apply(Event e, string eventId, bool tokenValid, long now, ulong leaf)
    {
        foreach (Prescription each in Prescriptions.Values) FireTimers(each, now);
        refusals.Clear();
        CollectActor(e, leaf);
        RefuseIf(e.TimeMs > now + 300_000, Outcome.TimeInFuture);
        RefuseIf(e.TimeMs < now - 900_000, Outcome.TimeTooOld);
        bool credential = e.PrescriptionId.IsEmpty;
        if (credential) CollectCredential(e);
        else CollectLifecycle(e, tokenValid, now);
        if (refusals.Count > 0) return refusals.Min;
        if (credential) DoCredential(e, eventId);
        else DoLifecycle(e, eventId, now);
        return Outcome.Accepted;
    }

    private static void FireTimers(Prescription rx, long now)
    {
        if (rx.Status == "Claimed" && now >= rx.ClaimUntil) GiveBack(rx, now);
        if (rx.Status is "Issued" or "Active" && now >= rx.Until) rx.Status = "Expired";
    }

    private void RefuseIf(bool applies, Outcome outcome)
    {
        if (applies) refusals.Add(outcome);
    }

    private static void GiveBack(Prescription rx, long now)
    {
        rx.Status = rx.CancelWanted ? "Cancelled" : now >= rx.Until ? "Expired" : "Active";
        rx.Holder = "";
    }

    private void DoCredential(Event e, string eventId)
    {
        Person person = People[Subject(e)];
        person.Suspended = e.ActCase == Event.ActOneofCase.SuspendPractitioner;
        person.Acts++;
        person.Chain = eventId;
        person.LastMs = e.TimeMs;
    }

    private void DoLifecycle(Event e, string eventId, long now)
    {
        string id = e.PrescriptionId.ToBase64();
        if (e.Issue is not null) Prescriptions[id] = DoIssue(e);
        Prescription rx = Prescriptions[id];
        rx.Acts.Add(eventId);
        rx.LastMs = e.TimeMs;
        if (e.Review is not null) DoReview(rx, e, now);
        if (e.Confirm is not null) rx.Asked = false;
        if (e.Claim is not null)
        {
            (rx.Status, rx.Holder, rx.ClaimUntil) = ("Claimed", e.Organisation, now + policy.ClaimPeriodMs);
            rx.Claims++;
        }
        if (e.ExtendClaim is not null) rx.ClaimUntil = now + policy.ClaimPeriodMs;
        if (e.ReturnClaim is not null) GiveBack(rx, now);
        if (e.Dispense is not null) DoDispense(rx, e);
        if (e.Close is not null) (rx.Status, rx.Holder) = ("Completed", "");
        if (e.Cancel is not null && rx.Status == "Claimed") rx.CancelWanted = true;
        else if (e.Cancel is not null) rx.Status = "Cancelled";
    }

    private Prescription DoIssue(Event e)
    {
        Issue issue = e.Issue;
        if (issue.Group is { } g)
        {
            string name = g.GroupId.ToBase64();
            if (!groups.ContainsKey(name)) groups[name] = (e.Organisation, g.Of, []);
            groups[name].Numbers.Add(g.Number);
        }
        return new Prescription
        {
            Status = policy.ApprovalsBeforeClaim == 0 ? "Active" : "Issued",
            Issuer = e.Organisation,
            Prescriber = e.ResponsibleId.ToBase64(),
            Token = issue.TokenKey.ToBase64(),
            Nominee = issue.Nominee,
            Group = issue.Group?.GroupId.ToBase64() ?? "",
            After = issue.Group?.AfterId.ToBase64() ?? "",
            Left = [.. issue.Lines.Select(l => (long)l.Units)],
            Fixed = [.. issue.Lines.Select(l => l.SubstitutionForbidden)],
            From = issue.NotBeforeMs,
            Until = issue.NotAfterMs,
        };
    }

    private void DoReview(Prescription rx, Event e, long now)
    {
        if (e.Review.Verdict == Verdict.Approve) rx.Approvers.Add(e.ResponsibleId.ToBase64());
        if (e.Review.Verdict == Verdict.Query) rx.Asked = true;
        if (e.Review.Verdict == Verdict.Reject && rx.Status == "Claimed") GiveBack(rx, now);
        else if (e.Review.Verdict == Verdict.Reject) rx.Status = "Rejected";
        if (rx.Status == "Issued" && e.Review.Verdict == Verdict.Approve && rx.Approvers.Count >= policy.ApprovalsBeforeClaim)
            rx.Status = "Active";
    }

    private void DoDispense(Prescription rx, Event e)
    {
        foreach (DispensedItem item in e.Dispense.Items) rx.Left[(int)item.Line] -= item.FulfilsUnits;
        PacksUsed = PacksAfter(e)!;
        if (rx.Left.Sum() == 0) (rx.Status, rx.Holder) = ("Completed", "");
    }
}
