using RxChain.Engine.Node;
using RxChain.Engine.Ports;
using RxChain.Ledger.Leaves;
using RxChain.Storage;

namespace RxChain.Node.Hosting;

/// <summary>A node over a data directory, and everything that it has open.</summary>
public sealed class OpenedNode : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly SegmentLeafLog _log;
    private readonly SqliteStateStore _state;
    private readonly CosignedHeadFile _cosigned;

    private OpenedNode(
        LedgerNode node, MemberKeys keys, DataDirectory directory, SegmentLeafLog log, SqliteStateStore state, CosignedHeadFile cosigned)
    {
        Node = node;
        Keys = keys;
        _directory = directory;
        _log = log;
        _state = state;
        _cosigned = cosigned;
    }

    /// <summary>The running node.</summary>
    public LedgerNode Node { get; }

    /// <summary>The member's keys.</summary>
    public MemberKeys Keys { get; }

    /// <summary>Opens the parts of <paramref name="directory"/>, recovers and starts. Owns the directory from then on.</summary>
    /// <param name="directory">The member's data directory.</param>
    /// <param name="genesis">The network's first leaf.</param>
    /// <param name="member">The member's name.</param>
    /// <param name="ordering">The ordering, or null for one of this member alone.</param>
    /// <param name="peers">Links to the other validators.</param>
    /// <param name="clock">The node's clock.</param>
    public static OpenedNode Open(
        DataDirectory directory, GenesisLeaf genesis, string member, IOrdering? ordering, IPeerLinks peers, TimeProvider clock)
    {
        var keys = MemberKeys.Load(directory);
        var cosigned = CosignedHeadFile.Open(directory);
        var log = SegmentLeafLog.Open(directory, cosigned.Read().Size);
        var state = SqliteStateStore.Open(directory);
        var node = LedgerNode.Start(new NodeParts
        {
            Member = member,
            Genesis = genesis,
            Validator = keys.Validator(member),
            Log = log,
            State = state,
            CosignedHead = cosigned,
            Checkpoint = new CheckpointFile(directory),
            Ordering = ordering ?? LocalOrder.ForOneMember(LastPosition(log)),
            Peers = peers,
            FindLeaves = _ => ([], 0),
            Clock = clock,
        });
        return new OpenedNode(node, keys, directory, log, state, cosigned);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync().ConfigureAwait(false);
        _state.Dispose();
        _log.Dispose();
        _cosigned.Dispose();
        Keys.Dispose();
        _directory.Dispose();
    }

    private static ulong LastPosition(SegmentLeafLog log) =>
        log.Size > 0 && SealLeaf.TryParse(log.Read(log.Size - 1), out var seal) ? seal.OrderingPosition : 0;
}
