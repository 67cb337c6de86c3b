using Google.Protobuf;
using RxChain.Ledger;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.SystemTests.Processes;

namespace RxChain.DockerClient;

/// <summary>The demo's story across organisations: a supply, a double claim, a partial fill at two pharmacies, a cancellation.</summary>
internal sealed class Story(ClientNetwork network, People people)
{
    private const string A = "pharmacy-a";
    private const string B = "pharmacy-b";

    private int _problems;

    public async Task<int> PlayAsync()
    {
        await SupplyAsync();
        await PartialFillAsync();
        await CancelAsync();
        Console.WriteLine(_problems == 0 ? "story: as it must be" : $"story: {_problems} problems");
        return _problems == 0 ? 0 : 1;
    }

    /// <summary>Issues prescriptions by the hospital one after another; each must be final.</summary>
    public async Task<int> IssueAsync(string member, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var (id, _) = await IssueAsync();
            await network.ReadAsync(member, id, _ => true);
        }
        Console.WriteLine($"{count} prescriptions, final, and seen at {member}");
        return 0;
    }

    /// <summary>A new prescription and the patient who holds its token.</summary>
    public async Task<(ByteString Id, Person Patient)> IssueAsync()
    {
        var (id, patient) = (Person.RandomBytes(16), new Person());
        await network.ActAsync("hospital", e => e.Issue = SampleActs.Issue(e.TimeMs, patient), people.Prescriber, id);
        return (id, patient);
    }

    public Task<string?> ClaimAsync(ByteString id, Person patient, string pharmacy, uint number) => network.TryActAsync(
        pharmacy, e => e.Claim = new Claim { ClaimNumber = number, Token = patient.Token(network.Origin, id, pharmacy, number) }, null, id);

    private async Task SupplyAsync()
    {
        var (id, patient) = await IssueAsync();
        Expect("claimed by pharmacy-a", null, await ClaimAsync(id, patient, A, 1));
        await network.ReadAsync(B, id, rx => rx.Status == PrescriptionStatus.Claimed);
        Expect("claimed a second time, by pharmacy-b", "CLAIMED_BY_ANOTHER", await ClaimAsync(id, patient, B, 2));
        Expect("one unit too many", "UNITS_EXCEEDED", await DispenseAsync(id, A, SampleActs.Units + 1));
        var dispensed = await network.ActAsync(A, e => e.Dispense = SampleActs.Dispense(), people.Pharmacists[A], id);
        foreach (var (member, client) in network.Clients)
        {
            await network.ReadAsync(member, id, rx => rx.Status == PrescriptionStatus.Completed);
            await client.GetVerifiedAsync(dispensed.LeafIndex, new Hash32(dispensed.EventId.Span));
            Console.WriteLine($"  {member} shows it completed, and its receipt verifies");
        }
    }

    private async Task PartialFillAsync()
    {
        var (id, patient) = await IssueAsync();
        Expect("claimed by pharmacy-a", null, await ClaimAsync(id, patient, A, 1));
        Expect("a part dispensed", null, await DispenseAsync(id, A, 1));
        Expect("the rest returned", null, await network.TryActAsync(A, e => e.ReturnClaim = new ReturnClaim { ReasonCode = 1 }, null, id));
        await network.ReadAsync(B, id, rx => rx.Status == PrescriptionStatus.Active);
        Expect("the rest claimed by pharmacy-b", null, await ClaimAsync(id, patient, B, 2));
        Expect("the rest dispensed by pharmacy-b", null, await DispenseAsync(id, B, 1));
        await network.ReadAsync("hospital", id, rx => rx.Status == PrescriptionStatus.Completed);
    }

    private async Task CancelAsync()
    {
        var (id, patient) = await IssueAsync();
        Expect("cancelled by the hospital", null, await network.TryActAsync("hospital", e => e.Cancel = new Cancel { ReasonCode = 1 }, null, id));
        await network.ReadAsync(A, id, rx => rx.Status == PrescriptionStatus.Cancelled);
        Expect("claimed after that", "CANCELLED", await ClaimAsync(id, patient, A, 1));
    }

    private Task<string?> DispenseAsync(ByteString id, string pharmacy, uint units) =>
        network.TryActAsync(pharmacy, e => e.Dispense = SampleActs.Dispense(units), people.Pharmacists[pharmacy], id);

    private void Expect(string what, string? refusal, string? got)
    {
        Console.WriteLine($"  {what}: {got ?? "ok"}");
        if (got == refusal)
            return;
        _problems++;
        Console.WriteLine($"  PROBLEM: expected {refusal ?? "ok"}");
    }
}
