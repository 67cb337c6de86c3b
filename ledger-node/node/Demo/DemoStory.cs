using RxChain.Interop;

namespace RxChain.Node.Demo;

/// <summary>Plays prescriptions, tells what happens, and keeps count of what must have happened.</summary>
internal sealed class DemoStory(DemoNetwork network)
{
    private readonly List<string> _problems = [];
    private readonly List<DemoPrescription> _later = [];
    private byte[] _groupId = DemoRandom.Bytes(16);
    private bool _doubleClaimShown;
    private bool _overDispenseShown;

    public SortedDictionary<string, int> Counts { get; } = [];

    public IReadOnlyList<string> Problems => _problems;

    public DemoPrescription? Example { get; private set; }

    public async Task PlayAsync(int prescriptions)
    {
        var today = DateOnly.FromDateTime(network.Clock.GetUtcNow().UtcDateTime);
        for (int i = 0; i < prescriptions; i++)
        {
            string sample = FhirSamples.Names[i % FhirSamples.Names.Count];
            if (sample.StartsWith("repeat-1", StringComparison.Ordinal))
                _groupId = DemoRandom.Bytes(16);
            var prescription = new DemoPrescription(network, sample, today, _groupId);
            await ExpectAsync(prescription, "issued by hospital", null, prescription.IssueAsync());
            await (sample switch
            {
                "partial-fill" => PartialFillAsync(prescription),
                "to-be-cancelled" => CancelAsync(prescription),
                _ => SupplyAsync(prescription, i % 2 == 0),
            });
        }
        await PlayRepeatsAsync();
        RequireShown();
    }

    private async Task SupplyAsync(DemoPrescription prescription, bool north)
    {
        var (pharmacy, pharmacist) = north ? (network.North, network.NorthPharmacist) : (network.South, network.SouthPharmacist);
        if (prescription.Document.Window.NotBeforeMs > network.Clock.GetUtcNow().ToUnixTimeMilliseconds())
        {
            await ExpectAsync(prescription, $"repeat not due yet, claim by {pharmacy.Name}", "NOT_YET_VALID", prescription.ClaimAsync(pharmacy));
            _later.Add(prescription);
            return;
        }
        await ExpectAsync(prescription, $"claimed by {pharmacy.Name} with the patient's token", null, prescription.ClaimAsync(pharmacy));
        if (!_doubleClaimShown)
            await RefuseDoubleClaimAsync(prescription, north ? network.South : network.North);
        else if (!_overDispenseShown)
            await RefuseOverDispenseAsync(prescription, pharmacy, pharmacist);
        await ExpectAsync(prescription, $"dispensed by {pharmacy.Name}", null, prescription.DispenseAsync(pharmacy, pharmacist));
        await ExpectCompletedAsync(prescription);
    }

    private async Task RefuseDoubleClaimAsync(DemoPrescription prescription, DemoMember other)
    {
        // The patient hands the prescription over once more, to another pharmacy.
        await ExpectAsync(prescription, $"claimed a second time, by {other.Name}", "CLAIMED_BY_ANOTHER", prescription.ClaimAsync(other));
        _doubleClaimShown = true;
        Count("double claims refused");
    }

    private async Task RefuseOverDispenseAsync(DemoPrescription prescription, DemoMember pharmacy, DemoPerson pharmacist)
    {
        await ExpectAsync(prescription, $"one unit too many by {pharmacy.Name}", "UNITS_EXCEEDED", prescription.DispenseAsync(pharmacy, pharmacist, extraUnits: 1));
        _overDispenseShown = true;
        Count("over-dispenses refused");
    }

    private async Task PartialFillAsync(DemoPrescription prescription)
    {
        await ExpectAsync(prescription, "claimed by pharmacy-north", null, prescription.ClaimAsync(network.North));
        await ExpectAsync(prescription, "a part dispensed by pharmacy-north", null, prescription.DispenseAsync(network.North, network.NorthPharmacist));
        await ExpectAsync(prescription, "the rest returned by pharmacy-north", null, prescription.ReturnAsync(network.North));
        await ExpectAsync(prescription, "the rest claimed by pharmacy-south", null, prescription.ClaimAsync(network.South));
        await ExpectAsync(prescription, "the rest dispensed by pharmacy-south", null, prescription.DispenseAsync(network.South, network.SouthPharmacist));
        await ExpectCompletedAsync(prescription);
        Count("partial fills at two pharmacies");
    }

    private async Task CancelAsync(DemoPrescription prescription)
    {
        await ExpectAsync(prescription, "cancelled by hospital", null, prescription.CancelAsync());
        await ExpectAsync(prescription, "claim by pharmacy-north after that", "CANCELLED", prescription.ClaimAsync(network.North));
        Count("cancellations");
    }

    private async Task PlayRepeatsAsync()
    {
        foreach (var repeat in _later.OrderBy(p => p.Document.Window.NotBeforeMs))
        {
            await network.MoveClockAsync(DateTimeOffset.FromUnixTimeMilliseconds(repeat.Document.Window.NotBeforeMs).AddHours(9));
            await SupplyAsync(repeat, north: false);
            Count("repeats supplied when due");
        }
    }

    private async Task ExpectCompletedAsync(DemoPrescription prescription)
    {
        var seen = await network.Hospital.Client.Prescriptions.GetPrescriptionAsync(new() { PrescriptionId = prescription.Id });
        bool completed = seen.Prescription.Status == Prescriptions.State.PrescriptionStatus.Completed;
        if (!completed)
            _problems.Add($"{prescription.Sample}: the hospital sees {seen.Prescription.Status}");
        Example ??= prescription;
        Count(completed ? "completed" : "not completed");
    }

    private async Task ExpectAsync(DemoPrescription prescription, string what, string? refusal, Task<string?> act)
    {
        string? got = await act;
        Count(got is null ? "events accepted" : "events refused");
        string outcome = got is null ? "ok" : $"REFUSED {got}";
        Console.WriteLine($"  {prescription.ShortId}  {prescription.Sample,-24} {what}: {outcome}");
        if (got != refusal)
            _problems.Add($"{prescription.Sample}: {what}: {outcome}, expected {refusal ?? "ok"}");
    }

    private void RequireShown()
    {
        foreach (string needed in new[] { "double claims refused", "over-dispenses refused", "partial fills at two pharmacies", "cancellations", "repeats supplied when due" })
        {
            if (!Counts.ContainsKey(needed))
                _problems.Add($"the story lacks: {needed} (use --prescriptions 14 or more)");
        }
    }

    private void Count(string what) => Counts[what] = Counts.GetValueOrDefault(what) + 1;
}
