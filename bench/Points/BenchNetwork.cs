using System.Text;
using RxChain.Bench.Processes;
using RxChain.Bench.Workload;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Bench.Points;

/// <summary>A new network of one member in all roles, with its node running.</summary>
internal sealed class BenchNetwork : IAsyncDisposable
{
    private const string Member = "bench";
    private const long DayMs = 24 * 3_600_000L;

    private BenchNetwork(string directory, Cast cast, NodeProcess node)
    {
        Directory = directory;
        Cast = cast;
        Node = node;
    }

    public string Directory { get; }

    public Cast Cast { get; }

    public NodeProcess Node { get; }

    public string Data => DataOf(Directory);

    public string Policy => PolicyOf(Directory);

    public static async Task<BenchNetwork> StartAsync(string directory, bool withReview)
    {
        System.IO.Directory.CreateDirectory(directory);
        string origin = $"bench.example/{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 8))}";
        await ChildProcess.RunAsync(
            ChildProcess.NodeProgram, "init", "--data", DataOf(directory), "--name", Member, "--network", origin,
            "--role", "hospital", "pharmacy", "regulator", "--plaintext");
        var genesis = CreateGenesis(origin, DataOf(directory), withReview);
        await File.WriteAllBytesAsync(Path.Combine(DataOf(directory), "genesis.rx"), genesis.ToArray());
        await File.WriteAllTextAsync(PolicyOf(directory), genesis.QuorumText);
        var cast = Cast.Load(origin, Member, Path.Combine(DataOf(directory), "keys", "organisation.key"));
        var network = new BenchNetwork(directory, cast, await NodeProcess.StartAsync(DataOf(directory)));
        try
        {
            await cast.RegisterAsync(network.Node.Address, PolicyIn(genesis));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the node.</summary>
    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        Cast.Dispose();
    }

    private static string DataOf(string directory) => Path.Combine(directory, "data");

    private static string PolicyOf(string directory) => Path.Combine(directory, "policy.txt");

    private static TlogPolicy PolicyIn(GenesisLeaf genesis) =>
        TlogPolicy.TryParse(Encoding.UTF8.GetBytes(genesis.QuorumText), out var policy, out var errors)
            ? policy : throw new InvalidDataException(errors[0]);

    private static GenesisLeaf CreateGenesis(string origin, string data, bool withReview)
    {
        if (!MemberCard.TryParse(origin, File.ReadAllBytes(Path.Combine(data, "card.rx")), out var card, out string error))
            throw new InvalidDataException(error);
        var validator = card.Validator!;
        return new GenesisLeaf
        {
            Origin = origin,
            CreatedMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Members = [card],
            Policy = DefaultPolicy.With(new Policy
            {
                ContractVersion = 1,
                ClaimPeriodMs = DayMs,
                LongestWindowMs = 400 * DayMs,
                ApprovalsBeforeClaim = withReview ? 1u : 0u,
                BaseWindowHeights = 1000,
                BucketBits = 20,
            }),
            QuorumText = QuorumRule.Write(
                [VerifierKey.Create(origin, NoteAlgorithm.Ed25519, validator.Log)],
                [VerifierKey.Create(Member, NoteAlgorithm.CosignatureV1, validator.Cosigner)]),
        };
    }
}
