using Google.Protobuf;
using RxChain.Interop;
using RxChain.Prescriptions.Events;

namespace RxChain.Node.Demo;

/// <summary>One prescription of the demo: its FHIR document, the patient's token, and what happens to it.</summary>
internal sealed class DemoPrescription
{
    private readonly DemoNetwork _network;
    private readonly DemoPerson _patient = new();
    private readonly IReadOnlyList<FhirDispense> _dispenses;
    private readonly byte[] _groupId;
    private uint _claims;
    private int _dispensed;

    public DemoPrescription(DemoNetwork network, string sample, DateOnly issuedOn, byte[] groupId)
    {
        _network = network;
        _groupId = groupId;
        Sample = sample;
        Document = FhirReader.TryReadPrescription(FhirSamples.Prescription(sample, issuedOn), new FhirOptions(), out var read, out var error)
            ? read : throw new InvalidDataException($"sample {sample}: {error}");
        _dispenses = [.. FhirSamples.Dispenses(sample, issuedOn).Select(bytes => ReadDispense(sample, bytes))];
    }

    public string Sample { get; }

    public FhirPrescription Document { get; }

    public ByteString Id { get; } = ByteString.CopyFrom(DemoRandom.Bytes(16));

    public string ShortId => Convert.ToHexStringLower(Id.Span[..4]);

    public int Dispenses => _dispenses.Count;

    public Task<string?> IssueAsync()
    {
        var terms = new IssueTerms { TokenKey = _patient.PublicKey };
        var issue = IssueBuilder.Build(Document, terms, () => DemoRandom.Bytes(32)).Issue;
        // Samples are used again and again; each order of repeats is one of its own.
        if (issue.Group is { } group)
            group.GroupId = ByteString.CopyFrom(_groupId);
        return _network.TryActAsync(_network.Hospital, e => e.Issue = issue, _network.Prescriber, Id);
    }

    public Task<string?> CancelAsync() =>
        _network.TryActAsync(_network.Hospital, e => e.Cancel = new Cancel { ReasonCode = 1 }, null, Id);

    public async Task<string?> ClaimAsync(DemoMember pharmacy)
    {
        uint number = _claims + 1;
        var token = _patient.Token(_network.Origin, Id, pharmacy.Name, number);
        string? refusal = await _network.TryActAsync(
            pharmacy, e => e.Claim = new Claim { ClaimNumber = number, Token = token }, null, Id);
        if (refusal is null)
            _claims = number;
        return refusal;
    }

    public Task<string?> ReturnAsync(DemoMember pharmacy) =>
        _network.TryActAsync(pharmacy, e => e.ReturnClaim = new ReturnClaim { ReasonCode = 1 }, null, Id);

    /// <summary>Supplies the next dispense record; <paramref name="extraUnits"/> more than there are makes it refused.</summary>
    public async Task<string?> DispenseAsync(DemoMember pharmacy, DemoPerson pharmacist, uint extraUnits = 0)
    {
        var record = _dispenses[_dispensed];
        var dispense = DispenseBuilder.Build(record, await FulfilmentsAsync(pharmacy, record, extraUnits), "", () => DemoRandom.Bytes(32)).Dispense;
        string? refusal = await _network.TryActAsync(pharmacy, e => e.Dispense = dispense, pharmacist, Id);
        if (refusal is null)
            _dispensed++;
        return refusal;
    }

    private async Task<IReadOnlyList<Fulfilment>> FulfilmentsAsync(DemoMember pharmacy, FhirDispense record, uint extraUnits)
    {
        var state = await pharmacy.Client.Prescriptions.GetPrescriptionAsync(new() { PrescriptionId = Id });
        var lines = state.Prescription.Lines;
        IReadOnlyList<Fulfilment> fulfilments = lines.Count == 1
            ? Fulfilment.Usual(record, lines[0].RemainingUnits)
            : [.. lines.Select((line, i) => new Fulfilment((uint)i, line.RemainingUnits, [i]))];
        return extraUnits == 0 ? fulfilments : [fulfilments[0] with { Units = lines[0].RemainingUnits + extraUnits }, .. fulfilments.Skip(1)];
    }

    private static FhirDispense ReadDispense(string sample, byte[] bytes) =>
        FhirReader.TryReadDispense(bytes, new FhirOptions(), out var dispense, out var error)
            ? dispense : throw new InvalidDataException($"sample {sample}, dispense: {error}");
}
