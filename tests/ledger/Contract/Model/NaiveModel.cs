using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Kind = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>The rules a second time, written from the design and docs/CONTRACT.md and without a thought for
/// speed: everything is kept for ever, everything is looked up in it, timers fire, and of all the refusals that apply
/// the one with the lowest number is given.</summary>
internal sealed partial class NaiveModel(Policy policy)
{
    private readonly SortedSet<Outcome> refusals = [];
    private Event e = new();
    private string id = "";
    private bool statementValid;
    private long now;
    private ulong leaf;

    public Dictionary<string, Rx> Prescriptions { get; } = [];

    /// <summary>Packs by the MAC that they have now.</summary>
    public Dictionary<string, PackBox> Packs { get; } = [];

    public Dictionary<string, SigningKey> Keys { get; } = [];

    public Dictionary<string, Person> People { get; } = [];

    public Dictionary<string, Member> Members { get; } = [];

    public static string Text(ByteString bytes) => bytes.ToBase64();

    /// <summary>Decides about one event, and does it when nothing speaks against it.</summary>
    public Outcome Apply(Event act, string eventId, bool statementIsValid, long ledgerTime, ulong leafIndex)
    {
        (e, id, statementValid, leaf) = (act, eventId, statementIsValid, leafIndex);
        Tick(ledgerTime);
        refusals.Clear();
        RefuseActors();
        RefuseTimes();
        if (e.PrescriptionId.IsEmpty) RefusePractitionerAct();
        else RefuseOnPrescription();
        if (refusals.Count > 0) return refusals.Min;
        if (e.PrescriptionId.IsEmpty) DoPractitionerAct();
        else DoOnPrescription();
        return Outcome.Accepted;
    }

    private Rx? Acted => Prescriptions.GetValueOrDefault(Text(e.PrescriptionId));

    private bool IsSideAct => (int)e.ActCase is >= 40 and < 60;

    private void RefuseIf(bool applies, Outcome refusal)
    {
        if (applies) refusals.Add(refusal);
    }

    private void RefuseTimes()
    {
        const long minute = 60_000;
        RefuseIf(e.TimeMs > now + (5 * minute), Outcome.TimeInFuture);
        long late = Math.Max(policy.ReportingPeriodMs, 15 * minute);
        if (e.RecordSupply is not null) RefuseIf(e.TimeMs < now - late, Outcome.ReportedTooLate);
        else RefuseIf(e.TimeMs < now - (15 * minute), Outcome.TimeTooOld);
    }

    private void RefuseOnPrescription()
    {
        Rx? rx = Acted;
        if (e.ActCase is Kind.Issue or Kind.EmergencySupply)
        {
            RefuseIf(rx is not null, Outcome.AlreadyExists);
            if (e.Issue is not null) RefuseIssue();
            else RefuseEmergencySupply();
        }
        else if (rx is null)
        {
            RefuseIf(true, Outcome.NotFound);
        }
        else if (IsSideAct)
        {
            RefuseCitation(rx);
            if (refusals.Count == 0 || refusals.Max < Outcome.Stale) RefuseSideAct(rx);
        }
        else
        {
            RefuseChain(rx);
            // What does not follow its predecessor was meant for another state: it is not examined further.
            if (refusals.Count == 0 || refusals.Max < Outcome.Stale) RefuseLifecycle(rx);
        }
    }

    private void RefuseChain(Rx rx)
    {
        RefuseIf(e.Sequence != rx.Acts.Count + 1 || Text(e.PreviousEventId) != rx.Acts[^1].Id, Outcome.Stale);
        if (e.RecordSupply is null) RefuseIf(e.TimeMs < rx.LastMs, Outcome.TimeBeforePredecessor);
    }

    private void RefuseCitation(Rx rx)
    {
        bool known = e.Sequence <= rx.Acts.Count && rx.Acts[(int)e.Sequence - 1].Id == Text(e.PreviousEventId);
        RefuseIf(!known, Outcome.HeadUnknown);
        bool newest = known && e.Sequence == rx.Acts.Count;
        RefuseIf(newest && e.TimeMs < rx.LastMs, Outcome.TimeBeforePredecessor);
    }

    private void DoOnPrescription()
    {
        var record = new Recorded(e, id, now);
        if (IsSideAct)
        {
            Acted!.SideActs.Add(record);
            DoSideAct(Acted);
            return;
        }
        string name = Text(e.PrescriptionId);
        if (e.Issue is not null) Prescriptions[name] = Issued();
        if (e.EmergencySupply is not null)
            Prescriptions[name] = new Rx { Status = "Completed", Emergency = true, Custodian = e.Organisation };
        Prescriptions[name].Acts.Add(record);
        DoLifecycle(Prescriptions[name], record);
    }
}
