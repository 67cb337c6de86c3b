using RxChain.Prescriptions.Events;
using Kind = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>How often each act was accepted and each outcome was reached.</summary>
internal sealed class Tally
{
    private readonly Dictionary<Kind, (int Accepted, int All)> acts = [];
    private readonly Dictionary<Outcome, int> outcomes = [];

    public int Histories { get; set; }

    // Histories are of prescriptions; acts about the network have a model of their own.
    public IEnumerable<Kind> NeverAccepted =>
        Enum.GetValues<Kind>().Where(k => k != Kind.None && (int)k < 70 && acts.GetValueOrDefault(k).Accepted == 0);

    public IEnumerable<Outcome> NeverReached => Enum.GetValues<Outcome>().Where(o => (int)o >= 100 && (o is < Outcome.ProposalNotFound or > Outcome.ProposalNotPossible) && !outcomes.ContainsKey(o));

    public void Count(Event e, Outcome outcome)
    {
        (int accepted, int all) = acts.GetValueOrDefault(e.ActCase);
        acts[e.ActCase] = (accepted + (outcome == Outcome.Accepted ? 1 : 0), all + 1);
        outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
    }

    public override string ToString() =>
        $"{Histories} histories, {outcomes.Values.Sum()} events\naccepted: "
        + string.Join(", ", acts.OrderBy(a => a.Key).Select(a => $"{a.Key} {a.Value.Accepted} of {a.Value.All}"))
        + "\noutcomes: " + string.Join(", ", outcomes.OrderBy(o => o.Key).Select(o => $"{o.Key} {o.Value}"));
}
