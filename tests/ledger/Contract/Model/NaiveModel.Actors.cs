using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Kind = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>Who may sign what.</content>
internal sealed partial class NaiveModel
{
    private const string Anyone = "hospital pharmacy regulator insurer";

    private static readonly Dictionary<Kind, (string Roles, Profession Signer)> SignedBy = new()
    {
        [Kind.Issue] = ("hospital", Profession.Prescriber),
        [Kind.Review] = ("hospital pharmacy", Profession.Pharmacist),
        [Kind.Confirm] = ("hospital", Profession.Prescriber),
        [Kind.Claim] = ("pharmacy", 0),
        [Kind.ExtendClaim] = ("pharmacy", 0),
        [Kind.ReturnClaim] = ("pharmacy", 0),
        [Kind.Dispense] = ("pharmacy", Profession.Pharmacist),
        [Kind.Close] = ("pharmacy", 0),
        [Kind.Cancel] = ("hospital", 0),
        [Kind.RecordSupply] = ("pharmacy", Profession.Pharmacist),
        [Kind.EmergencySupply] = ("pharmacy", Profession.Pharmacist),
        [Kind.Correct] = ("pharmacy", Profession.Pharmacist),
        [Kind.Reverse] = ("pharmacy", Profession.Pharmacist),
        [Kind.ReplaceToken] = ("hospital", 0),
        [Kind.BindToken] = ("hospital pharmacy", 0),
        [Kind.Settle] = ("insurer", 0),
        [Kind.AdjustSettlement] = ("insurer", 0),
        [Kind.Hold] = ("regulator", 0),
        [Kind.LiftHold] = ("regulator", 0),
        [Kind.OpenDispute] = (Anyone, 0),
        [Kind.WithdrawDispute] = (Anyone, 0),
        [Kind.ExtendDispute] = ("regulator", 0),
        [Kind.ResolveDispute] = ("regulator", 0),
        [Kind.AddEvidence] = (Anyone, 0),
        [Kind.RecordAccess] = (Anyone, 0),
        [Kind.GiveConsent] = ("hospital", 0),
        [Kind.WithdrawConsent] = ("hospital", 0),
        [Kind.Erase] = (Anyone, 0),
        [Kind.RegisterPractitioner] = ("regulator", 0),
        [Kind.SuspendPractitioner] = ("regulator", 0),
        [Kind.ReinstatePractitioner] = ("regulator", 0),
    };

    /// <summary>The token's statement, in the acts that the patient does through a hospital or a pharmacy.</summary>
    public static TokenAuthority? PatientsToken(Event e) =>
        e.Cancel?.Token ?? e.BindToken?.Token ?? e.OpenDispute?.Token ?? e.WithdrawDispute?.Token ?? e.AddEvidence?.Token
        ?? e.GiveConsent?.Token ?? e.WithdrawConsent?.Token;

    private void RefuseActors()
    {
        (string roles, Profession signer) = SignedBy[e.ActCase];
        if (PatientsToken(e) is not null) roles = "hospital pharmacy";
        if (e.RegisterPractitioner is not null && policy.Registrars.Contains(e.Organisation)) roles = Anyone;
        RefuseIf(!roles.Split(' ').Contains(e.Role.ToString().ToLowerInvariant()), Outcome.NotAuthorised);
        RefuseIf(!Members.TryGetValue(e.Organisation, out Member? member) || !member.Roles.Contains(e.Role), Outcome.NotAuthorised);
        RefuseKey(Text(e.KeyIds[0]), e.Organisation);
        if (!e.ResponsibleId.IsEmpty)
        {
            string responsible = Text(e.ResponsibleId);
            SigningKey key = RefuseKey(Text(e.KeyIds[1]), responsible);
            Custody least = LeastCustody();
            RefuseIf(least != Custody.Unspecified && key.Custody > least, Outcome.CustodyTooWeak);
            RefusePerson(responsible);
            RefuseIf(People.TryGetValue(responsible, out Person? person) && person.Profession != signer, Outcome.ProfessionNotAllowed);
        }
        if (!e.AuthorId.IsEmpty) RefusePerson(Text(e.AuthorId));
    }

    private SigningKey RefuseKey(string keyId, string actor)
    {
        SigningKey key = Keys[keyId];
        RefuseIf(key.Owner != actor, Outcome.KeyNotOfActor);
        RefuseIf(leaf < key.From || leaf >= key.Until, Outcome.KeyRevoked);
        return key;
    }

    private Custody LeastCustody()
    {
        string name = Event.Descriptor.FindFieldByNumber((int)e.ActCase).Name;
        ActCustody? exception = policy.CustodyByAct.FirstOrDefault(c => c.Act == name);
        return exception?.Least ?? policy.LeastCustody;
    }

    private void RefusePerson(string person)
    {
        if (!People.TryGetValue(person, out Person? known))
        {
            RefuseIf(true, Outcome.PractitionerUnknown);
            return;
        }
        RefuseIf(known.Suspended, Outcome.PractitionerSuspended);
        RefuseIf(!known.Work.Contains(e.Organisation), Outcome.PractitionerNotAtOrganisation);
    }

    /// <summary>Whether the caller is this organisation, or has taken over from it.</summary>
    private bool CallerIs(string organisation)
    {
        while (Members.TryGetValue(organisation, out Member? member) && member.Removed) organisation = member.Successor;
        return organisation == e.Organisation;
    }

    private void RefusePractitionerAct()
    {
        if (e.RegisterPractitioner is { } registration)
        {
            bool keyTaken = Keys.ContainsKey(KeyIdOf(registration));
            RefuseIf(keyTaken || People.ContainsKey(Text(registration.PractitionerId)), Outcome.AlreadyExists);
            return;
        }
        if (!People.TryGetValue(Subject(), out Person? person))
        {
            RefuseIf(true, Outcome.NotFound);
            return;
        }
        (string last, long lastMs) = person.Acts[^1];
        RefuseIf(e.Sequence != person.Acts.Count + 1 || Text(e.PreviousEventId) != last, Outcome.Stale);
        RefuseIf(e.TimeMs < lastMs, Outcome.TimeBeforePredecessor);
        RefuseIf(person.Suspended == (e.SuspendPractitioner is not null), Outcome.WrongState);
    }

    private void DoPractitionerAct()
    {
        if (e.RegisterPractitioner is { } registration)
        {
            string name = Text(registration.PractitionerId);
            People[name] = new Person { Profession = registration.Profession, Work = [.. registration.Organisations] };
            Keys[KeyIdOf(registration)] = new SigningKey { Owner = name, Custody = registration.Custody, From = leaf + 1 };
            People[name].Acts.Add((id, e.TimeMs));
            return;
        }
        Person person = People[Subject()];
        person.Suspended = e.SuspendPractitioner is not null;
        person.Acts.Add((id, e.TimeMs));
    }

    private string Subject() => Text(e.SuspendPractitioner?.PractitionerId ?? e.ReinstatePractitioner.PractitionerId);

    private static string KeyIdOf(RegisterPractitioner registration) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData([1, .. registration.PublicKey.Span]));
}
