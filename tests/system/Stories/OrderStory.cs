using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Fhir;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Stories;

/// <summary>One order of a hospital, told act by act: each line says who did what and what became of it.</summary>
internal sealed class OrderStory(FhirNetwork network, List<string> lines)
{
    private const long MinuteMs = 60_000, DayMs = 24 * 60 * MinuteMs;

    private readonly Person _patient = new();

    /// <summary>The prescription.</summary>
    public ByteString Id { get; } = Person.RandomBytes(16);

    /// <summary>The hospital issues an order, perhaps in place of another.</summary>
    public Task IssueAsync(uint units, OrderStory? replaces = null) => TellAsync(
        $"the hospital orders {units}" + (replaces is null ? "" : " in its place"),
        network.PrescribeAsync(Id, e => e.Issue = new Issue
        {
            Lines = { new Line { Commitment = Person.RandomBytes(32), Units = units } },
            NotBeforeMs = network.Clock.NowMs,
            NotAfterMs = network.Clock.NowMs + (30 * DayMs),
            ContentCommitment = Person.RandomBytes(32),
            TokenKey = _patient.PublicKey,
            Replaces = replaces?.Id ?? ByteString.Empty,
        }));

    public Task CancelAsync() => TellAsync(
        "the hospital cancels", network.AdministerAsync(Id, e => e.Cancel = new Cancel { ReasonCode = 1 }));

    public async Task ClaimAsync(string pharmacy = FhirNetwork.Pharmacy)
    {
        uint number = (await ReadAsync()).Claims + 1;
        var token = _patient.Token(FhirNetwork.Origin, Id, pharmacy, number);
        await TellAsync($"{pharmacy} claims", network.ClaimAsync(
            Id, e => e.Claim = new Claim { ClaimNumber = number, Token = token }, pharmacy));
    }

    public Task GiveBackAsync() => TellAsync("pharmacy.example gives the claim back", network.ClaimAsync(
        Id, e => e.ReturnClaim = new ReturnClaim { ReasonCode = 1 }));

    public Task DispenseAsync(uint units, string pharmacy = FhirNetwork.Pharmacy) => TellAsync(
        $"{pharmacy} dispenses {units}", network.DispenseAsync(Id, e => e.Dispense = new Dispense
        {
            Items = { new DispensedItem { FulfilsUnits = units, ProductCommitment = Person.RandomBytes(32) } },
            ContentCommitment = Person.RandomBytes(32),
        }, pharmacy));

    /// <summary>The patient brings the last supply back.</summary>
    public async Task ReturnSupplyAsync()
    {
        var supply = (await HistoryAsync()).Last(e => e.Event.Dispense is not null && e.Outcome == Outcome.Accepted);
        await TellAsync("pharmacy.example takes the supply back", network.DispenseAsync(Id, e => e.Reverse = new Reverse
        {
            Kind = Reverse.Types.Kind.Returned,
            DispenseId = supply.EventId,
            ReasonCode = 1,
        }));
    }

    /// <summary>The closed loop: what the hospital reads back.</summary>
    public async Task ReadBackAsync()
    {
        var acts = (await HistoryAsync()).Select(e => e.Outcome == Outcome.Accepted ? $"{e.Event.ActCase}" : $"{e.Event.ActCase} ({e.Outcome})");
        lines.Add($"  the hospital reads: {string.Join(", ", acts)}");
    }

    private async Task<IEnumerable<LedgerEvent>> HistoryAsync() =>
        (await network.Client.Prescriptions.GetHistoryAsync(new GetHistoryRequest { PrescriptionId = Id })).Events;

    private async Task<Protocol.V1.Prescription> ReadAsync() =>
        (await network.Client.Prescriptions.GetPrescriptionAsync(new() { PrescriptionId = Id })).Prescription;

    private async Task TellAsync(string what, Task<string> act)
    {
        string refusal = await act;
        network.Clock.NowMs += MinuteMs;
        var now = await ReadAsync();
        string state = $"{now.Status}{(now.CancellationPending ? ", cancellation pending" : "")}, {now.Lines.Sum(l => l.RemainingUnits)} left";
        lines.Add($"  {what}: {(refusal.Length == 0 ? "" : $"refused {refusal}; ")}{state}");
    }
}
