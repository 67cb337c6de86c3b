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

    /// <summary>What became of it: the status at its end, or the refusal that ended it.</summary>
    public string Outcome { get; private set; } = "";

    public async Task IssueAsync()
    {
        network.Clock.NowMs = IssuedMs;
        var terms = new IssueTerms { TokenKey = _patient.PublicKey.Memory };
        var issue = IssueBuilder.Build(real.Prescription, terms, NewSalt).Issue;
        Outcome = Refused("Issue", await network.PrescribeAsync(Id, e => e.Issue = issue));
    }

    /// <summary>Claims and dispenses the prescription that the dispense names.</summary>
    public async Task SupplyAsync()
    {
        if (Outcome.Length > 0)
            return;
        network.Clock.NowMs = SuppliedMs;
        var named = LedgerId(real.Dispense.PrescriptionId);
        var token = _patient.Token(FhirNetwork.Origin, named, FhirNetwork.Pharmacy, 1);
        Outcome = Refused("Claim", await network.ClaimAsync(named, e => e.Claim = new Claim { ClaimNumber = 1, Token = token }));
        if (Outcome.Length > 0)
            return;
        var dispense = await BuildDispenseAsync(named);
        Outcome = Refused("Dispense", await network.DispenseAsync(named, e => e.Dispense = dispense));
        if (Outcome.Length == 0)
            Outcome = (await ReadAsync()).Status.ToString();
    }

    /// <summary>The prescription as the ledger has it now.</summary>
    public async Task<Protocol.V1.Prescription> ReadAsync() =>
        (await network.Client.Prescriptions.GetPrescriptionAsync(new() { PrescriptionId = Id })).Prescription;

    private async Task<Dispense> BuildDispenseAsync(ByteString prescription)
    {
        var read = await network.Client.Prescriptions.GetPrescriptionAsync(new() { PrescriptionId = prescription });
        var fulfilments = Fulfilment.Usual(real.Dispense, Assert.Single(read.Prescription.Lines).RemainingUnits);
        return DispenseBuilder.Build(real.Dispense, fulfilments, "", NewSalt).Dispense;
    }

    private ByteString LedgerId(FhirIdentifier external) =>
        ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes($"{real.Name} {external.System} {external.Value}")).AsSpan(0, 16));

    private static byte[] NewSalt() => RandomNumberGenerator.GetBytes(32);

    private static string Refused(string act, string refusal) => refusal.Length == 0 ? "" : $"{act} refused: {refusal}";
}
