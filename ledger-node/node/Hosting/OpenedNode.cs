using RxChain.Engine;
using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Ledger.Leaves;
using RxChain.Storage;

namespace RxChain.Node.Hosting;

/// <summary>A node over a data directory, and everything that it has open.</summary>
public sealed class OpenedNode : IAsyncDisposable
{
    private readonly Stack<IDisposable> _parts = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _reading = Task.CompletedTask;

    private OpenedNode()
    {
    }

    /// <summary>The running node.</summary>
    public LedgerNode Node { get; private set; } = null!;

    /// <summary>The member's keys.</summary>
    public MemberKeys Keys { get; private set; } = null!;

    /// <summary>What was mended when the files were opened, for the operator.</summary>
    public IReadOnlyList<string> Notices { get; private set; } = [];

    /// <summary>What the state map cannot answer.</summary>
    public ILookupIndex Lookup { get; private set; } = null!;

    /// <summary>Request ids of the organisations served.</summary>
    public IRequestIds RequestIds { get; private set; } = null!;

    /// <summary>Opens the parts of <paramref name="directory"/>, recovers and starts. Owns the directory from then on.</summary>
    public static async Task<OpenedNode> OpenAsync(DataDirectory directory, NodeSetup setup)
    {
        var opened = new OpenedNode();
        try
        {
            opened.Open(opened.Keep(directory), setup);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Completes when the node stops; with the exception when it had to stop itself, or when the lookup index, without which
    /// answers would be ever more out of date, cannot be written.
    /// </summary>
    public async Task WaitForEndAsync()
    {
        var first = await Task.WhenAny(Node.Completion, _reading);
        await (Node.Completion.IsCompleted ? Node.Completion : first);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Node is not null)
            await Node.DisposeAsync();
        while (_parts.TryPop(out var part))
            part.Dispose();
        _stopping.Dispose();
    }

    private void Open(DataDirectory directory, NodeSetup setup)
    {
        Keys = Keep(MemberKeys.Load(directory));
        string? unknown = Keys.FaultAgainst(setup.Genesis, setup.Member, directory);
        // A node with peers may have joined later, and a vote gives new keys: it is a validator when the ledger says so.
        if (unknown is not null && setup.Peers.Status.Count == 0 && !NextKeys.WereTaken(directory.Root))
            throw new InvalidDataException(unknown);
        var cosigned = Keep(CosignedHeadFile.Open(directory));
        var log = Keep(SegmentLeafLog.Open(directory, cosigned.Read().Size));
        var state = Keep(SqliteStateStore.Open(directory));
        Notices = [.. log.Notices, .. Present(state.ResetReason), .. Present(setup.Ordering is null ? null : Unset(directory) ?? unknown), .. Present(Promise(directory, log))];
        Lookup = Keep(SqliteLookupIndex.Open(Path.Combine(directory.Root, "lookup.db")));
        RequestIds = Keep(SqliteRequestIds.Open(Path.Combine(directory.Root, "requests.db")));
        Node = LedgerNode.Start(new NodeParts
        {
            Member = setup.Member,
            Genesis = setup.Genesis,
            Validator = setup.Ordering is null || Promise(directory, log) is not null ? null : Keys.Validator(setup.Member),
            Log = log,
            State = state,
            CosignedHead = cosigned,
            Checkpoint = new CheckpointFile(directory),
            Signatures = Keep(SqliteSignatures.Open(Path.Combine(directory.Root, "signatures.db"))),
            Ordering = setup.Ordering?.Invoke(LastSeal(log)),
            Peers = setup.Peers,
            Sources = setup.Sources,
            FindLeaves = Lookup.FindLeaves,
            Clock = setup.Clock,
        });
        _reading = new LookupReader(Node, Lookup).RunAsync(_stopping.Token);
    }

    private string? Unset(DataDirectory directory) => Keys.Cosigner is not null
        ? null : $"{MemberKeys.CosignerPath(directory)} does not exist: this node verifies and serves, and neither orders nor cosigns.";

    private static IEnumerable<string> Present(string? notice) => notice is null ? [] : [notice];

    // A validator that has given its word for a new epoch neither orders nor cosigns before it.
    private static string? Promise(DataDirectory directory, SegmentLeafLog log) =>
        RecoveryPromise.Read(directory.Root) is { } promise && (LastSeal(log)?.Epoch ?? 0) < promise.Epoch
            ? $"This node has stated its last head for epoch {promise.Epoch}, which its log has not reached: it verifies and serves, and neither orders nor cosigns. Go on with rxnode recover, or let it copy the epoch from its peers and restart it."
            : null;

    private T Keep<T>(T part) where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }

    private static SealLeaf? LastSeal(SegmentLeafLog log) =>
        log.Size > 0 && SealLeaf.TryParse(log.Read(log.Size - 1), out var seal) ? seal : null;
}
