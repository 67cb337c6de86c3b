using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RxChain.Interop;
using RxChain.Ledger.Tests.Interop;
using RxChain.Prescriptions.Events;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Fhir;

/// <summary>
/// A real case on the ledger: issued when its prescription was written, claimed and dispensed on the day of its dispense.
/// Several cases share one external number, so each is a ledger prescription of its own.
/// </summary>
internal sealed class FhirCourse(FhirNetwork network, FhirCase real)
{
    private const long HalfDayMs = 43_200_000;
    private const long MinuteMs = 60_000;

    private readonly Person _patient = new();

    /// <summary>The case.</summary>
    public FhirCase Case => real;

    /// <summary>Its id on the ledger.</summary>
    public ByteString Id => LedgerId(real.Prescription.Id);

    /// <summary>When it is issued.</summary>
    public long IssuedMs => real.Prescription.AuthoredMs;

    /// <summary>When the patient comes to the pharmacy: at the stated time, or at noon of the day; never before the prescription is written.</summary>
    public long SuppliedMs
    {
        get
        {
            var when = real.Dispense.Items.MaxBy(item => item.When.FromMs)!.When;
            return Math.Max(IssuedMs + MinuteMs, when.IsInstant ? when.FromMs : when.FromMs + HalfDayMs);
        }
    }

    /// <summary>When the supply is recorded: a compounded one only after its claim has timed out.</summary>
    public long RecordedMs => IsLate ? SuppliedMs + (30 * 60 * MinuteMs) : SuppliedMs + MinuteMs;

    /// <summary>What became of it: the status at its end, and the refusals on the way.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>What is special about the case, by its documents.</summary>
    public string Sides => string.Join(", ", AwkwardSides().DefaultIfEmpty("as prescribed"));

    private bool IsLate => real.Prescription.Lines[0].Kind == MedicationKind.Compounding && real.Fit == DispenseFit.Fits;

    private bool IsByTrainee => real.Prescription.Practitioners.Any(p => p.Role == FhirPractitionerRole.Author);

    public async Task IssueAsync()
    {
        network.Clock.NowMs = IssuedMs;
        var terms = new IssueTerms { TokenKey = _patient.PublicKey.Memory };
        var issue = IssueBuilder.Build(real.Prescription, terms, NewSalt).Issue;
        Outcome = Refused("Issue", await network.PrescribeAsync(Id, e =>
        {
            e.Issue = issue;
            if (IsByTrainee)
                e.AuthorId = network.Trainee;
        }));
    }

    /// <summary>The patient hands the prescription that the dispense names over.</summary>
    public async Task ClaimAsync()
    {
        if (Outcome.Length > 0)
            return;
        network.Clock.NowMs = SuppliedMs;
        var token = _patient.Token(FhirNetwork.Origin, Named, FhirNetwork.Pharmacy, 1);
        Outcome = Refused("Claim", await network.ClaimAsync(Named, e => e.Claim = new Claim { ClaimNumber = 1, Token = token }));
    }

    /// <summary>Records what was handed over: in time, or later what could not be recorded then.</summary>
    public async Task SupplyAsync()
    {
        network.Clock.NowMs = RecordedMs;
        if (real.Fit == DispenseFit.OtherPrescription)
            Outcome += $", then {(await ReadAsync()).Status}";
        else if (Outcome.Length > 0 || IsLate)
            Outcome += await RecordLateAsync(byToken: Outcome.Length > 0);
        else
            Outcome = await DispenseAsync();
    }

    private async Task<string> DispenseAsync()
    {
        var dispense = await BuildAsync();
        string refusal = await network.DispenseAsync(Id, e => e.Dispense = dispense);
        return refusal.Length > 0 ? Refused("Dispense", refusal) : (await ReadAsync()).Status.ToString();
    }

    // Where the claim was refused the pharmacy handed over all the same, on the token's word.
    private async Task<string> RecordLateAsync(bool byToken)
    {
        var dispense = await BuildAsync();
        string refusal = await network.DispenseAsync(Id, e =>
        {
            e.TimeMs = SuppliedMs + MinuteMs;
            e.RecordSupply = new RecordSupply { Items = { dispense.Items }, ContentCommitment = dispense.ContentCommitment, ReasonCode = 1 };
            if (byToken)
            {
                e.RecordSupply.Token = new TokenAuthority();
                e.Network = FhirNetwork.Origin;
                e.RecordSupply.Token = _patient.Agree(e);
            }
        });
        string separator = byToken ? ", late supply " : "late supply ";
        return separator + (refusal.Length > 0 ? $"refused: {refusal}" : (await ReadAsync()).Status);
    }

    private IEnumerable<string> AwkwardSides()
    {
        var items = real.Dispense.Items;
        var line = real.Prescription.Lines[0];
        if (line.Kind is MedicationKind.FreeText) yield return "free text";
        if (IsByTrainee) yield return "a trainee wrote it, a physician answers for it";
        if (real.Prescription.Repeat is { } repeat) yield return $"repeat {repeat.Number} of {repeat.Of}";
        if (items.Count > 1) yield return $"{items.Count} products for {Units(line)}";
        else if (items[0].Quantity is { } quantity && quantity.Value != line.Units) yield return $"{quantity.Value:0} packs for {Units(line)}";
        if (items.Any(item => item.Substituted)) yield return "substituted";
        if (IsLate) yield return "compounded, recorded after the claim timed out";
        if (real.Fit == DispenseFit.OutsideWindow) yield return "handed over before its window";
        if (real.Fit == DispenseFit.OtherPrescription) yield return "the dispense names another prescription";
    }

    /// <summary>The prescription as the ledger has it now.</summary>
    public async Task<Protocol.V1.Prescription> ReadAsync() =>
        (await network.Client.Prescriptions.GetPrescriptionAsync(new() { PrescriptionId = Id })).Prescription;

    private async Task<Dispense> BuildAsync()
    {
        uint remaining = Assert.Single((await ReadAsync()).Lines).RemainingUnits;
        return DispenseBuilder.Build(real.Dispense, Fulfilment.Usual(real.Dispense, remaining), "", NewSalt).Dispense;
    }

    private static string Units(FhirLine line) => line.Units == 1 ? "1 unit" : $"{line.Units} units";

    private ByteString Named => LedgerId(real.Dispense.PrescriptionId);

    private ByteString LedgerId(FhirIdentifier external) =>
        ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes($"{real.Name} {external.System} {external.Value}")).AsSpan(0, 16));

    private static byte[] NewSalt() => RandomNumberGenerator.GetBytes(32);

    private static string Refused(string act, string refusal) => refusal.Length == 0 ? "" : $"{act} refused: {refusal}";
}
