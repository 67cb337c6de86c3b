using System.Runtime.CompilerServices;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Copying;

/// <summary>
/// Leaves up to a final head, out of several peers at once, in their order. Each run is proved to lead to that head before it
/// is given on; a peer whose run does not is told to the operator and asked no more. Used once.
/// </summary>
/// <param name="sources">Peers that say they have that head.</param>
/// <param name="tree">The tree of this node's leaves. Grows with what was verified.</param>
/// <param name="target">The final head.</param>
/// <param name="alarm">Tells the operator.</param>
internal sealed class LeafDownload(IEnumerable<IBlockSource> sources, MerkleFrontier tree, Checkpoint target, Action<string> alarm)
{
    private const int RangeLeaves = 1024;
    private const int Flights = 4;

    // For a range of 1,024 leaves, 1 MB as they are mostly: who is slower holds all up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IBlockSource> _sources = [.. sources];
    private readonly LinkedList<LeafFlight> _flights = [];
    private MerkleFrontier _tree = tree;
    private int _turn;

    /// <summary>Throws <see cref="CopyFailedException"/> when no peer is left that can be asked.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (_tree.Size < target.Size)
            {
                Launch(cancellationToken);
                yield return await NextRunAsync(cancellationToken).ConfigureAwait(false);
                if (_flights.First!.Value is var done && done.To == _tree.Size)
                {
                    _flights.RemoveFirst();
                    await done.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            foreach (var flight in _flights)
                await flight.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Launch(CancellationToken cancellationToken)
    {
        while (_flights.Count < Flights && (_flights.Last?.Value.To ?? _tree.Size) is var from && from < target.Size)
            _flights.AddLast(Begin(from, Math.Min(from + RangeLeaves, target.Size), cancellationToken));
    }

    private LeafFlight Begin(long from, long to, CancellationToken cancellationToken) =>
        new(_sources[_turn++ % _sources.Count], from, to, target.Size, cancellationToken);

    private async Task<IReadOnlyList<ReadOnlyMemory<byte>>> NextRunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var flight = _flights.First!.Value;
            try
            {
                var run = await flight.NextAsync(Patience, cancellationToken).ConfigureAwait(false);
                Verify(run);
                return run.Leaves;
            }
            catch (BlockSourceException e)
            {
                await GiveUpAsync(flight.Source, e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // The leaves before are verified: if these do not lead to the final head, it is this peer that lies.
    private void Verify(LeafRun run)
    {
        var hashes = new Hash32[run.Leaves.Count];
        Parallel.For(0, hashes.Length, i => hashes[i] = Rfc6962.LeafHash(run.Leaves[i].Span));
        var grown = _tree.Clone();
        foreach (ref readonly var hash in hashes.AsSpan())
            grown.Append(hash);
        if (!MerkleVerifier.VerifyConsistency(grown.Size, target.Size, grown.Root, target.Root, [.. run.Consistency]))
            throw new BlockSourceException($"leaves {_tree.Size} to {grown.Size - 1} as it has them do not lead to the final head of {target.Size} leaves", isLie: true);
        _tree = grown;
    }

    // Everything that this peer has under way is asked of others.
    private async Task GiveUpAsync(IBlockSource source, BlockSourceException why, CancellationToken cancellationToken)
    {
        if (why.IsLie)
            alarm($"peer {source.Member}: {why.Message}. Others are asked instead.");
        _sources.Remove(source);
        if (_sources.Count == 0)
            throw new CopyFailedException($"peer {source.Member}: {why.Message}", why);
        for (var node = _flights.First; node is not null; node = node.Next)
        {
            if (node.Value.Source != source)
                continue;
            var failed = node.Value;
            await failed.DisposeAsync().ConfigureAwait(false);
            node.Value = Begin(Math.Max(failed.From, _tree.Size), failed.To, cancellationToken);
        }
    }
}

/// <summary>Blocks cannot be copied now; what was copied so far stays.</summary>
internal sealed class CopyFailedException(string message, Exception? inner = null) : Exception(message, inner);
