using RxChain.Prescriptions.State;

namespace RxChain.DockerClient;

/// <summary>Two pharmacies claim one prescription at the same moment, each through its own node.</summary>
internal sealed class Race(ClientNetwork network, People people)
{
    private const int AtOnce = 8;

    private readonly Dictionary<string, int> _won = ClientNetwork.Pharmacies.ToDictionary(pharmacy => pharmacy, _ => 0);
    private readonly SortedDictionary<string, int> _refusals = [];
    private readonly List<string> _problems = [];

    public async Task<int> RunAsync(int rounds)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, rounds), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) => await RunOneAsync());
        Console.WriteLine($"race: {rounds} rounds; won by {string.Join(", ", _won.Select(w => $"{w.Key} {w.Value}"))}; losers told {string.Join(", ", _refusals.Select(r => $"{r.Key} {r.Value}"))}");
        foreach (string problem in _problems)
            Console.WriteLine($"  PROBLEM: {problem}");
        return _problems.Count == 0 && _won.Values.Sum() == rounds && _refusals.Values.Sum() == rounds ? 0 : 1;
    }

    private async Task RunOneAsync()
    {
        var story = new Story(network, people);
        var (id, patient) = await story.IssueAsync();
        foreach (string pharmacy in ClientNetwork.Pharmacies)
            await network.ReadAsync(pharmacy, id, _ => true);
        string?[] outcomes = await Task.WhenAll(ClientNetwork.Pharmacies.Select(pharmacy => story.ClaimAsync(id, patient, pharmacy, 1)));
        string[] winners = [.. ClientNetwork.Pharmacies.Where((_, i) => outcomes[i] is null)];
        // Both learn it: each sees at its own node who holds the prescription.
        string[] shown = await Task.WhenAll(ClientNetwork.Pharmacies.Select(async pharmacy =>
            (await network.ReadAsync(pharmacy, id, rx => rx.Status == PrescriptionStatus.Claimed)).Holder));
        lock (_problems)
        {
            foreach (string refusal in outcomes.OfType<string>())
                _refusals[refusal] = _refusals.GetValueOrDefault(refusal) + 1;
            if (winners is [var winner] && shown.All(holder => holder == winner))
                _won[winner]++;
            else
                _problems.Add($"won by [{string.Join(", ", winners)}], shown as held by [{string.Join(", ", shown)}]");
        }
    }
}
