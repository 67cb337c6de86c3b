using RxChain.Engine.Core;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;

namespace RxChain.Engine.Copying;

/// <summary>Puts copied leaves together to blocks, and verifies their signatures in parallel.</summary>
internal sealed class BlockAssembly(EventVerifier verifier)
{
    private readonly List<ReadOnlyMemory<byte>> _leaves = [];

    /// <summary>
    /// Takes the next leaf; gives the block that it closes, or null. Throws <see cref="CopyFailedException"/> for a leaf that
    /// this version cannot read: a quorum made it final.
    /// </summary>
    public BlockCopied? Add(long index, ReadOnlyMemory<byte> leaf)
    {
        _leaves.Add(leaf);
        if (leaf.Length < 2 || leaf.Span[1] != (byte)LeafKind.Seal)
            return null;
        if (!SealLeaf.TryParse(leaf, out var seal))
            throw Unreadable(index);
        ReadOnlyMemory<byte>[] leaves = [.. _leaves];
        _leaves.Clear();
        // A new epoch is alone in its block; the core verifies who signed it.
        bool beginsEpoch = leaves is [{ Length: > 1 } first, _] && first.Span[1] == (byte)LeafKind.Recovery;
        var events = new CheckedEvent?[beginsEpoch ? 0 : leaves.Length - 1];
        Parallel.For(0, events.Length, i => events[i] = Check(leaves[i]));
        int unread = Array.IndexOf(events, null);
        return unread < 0 ? new BlockCopied(seal, events!, leaves) : throw Unreadable(index - events.Length + unread);
    }

    private CheckedEvent? Check(ReadOnlyMemory<byte> leaf) =>
        EventLeaf.TryParse(leaf, out var parsed) && SignedEvent.TryParse(parsed.Envelope, out var signed, out _) ? verifier.Check(signed) : null;

    private static CopyFailedException Unreadable(long index) =>
        new($"leaf {index}, which is final, is none that this version can read: upgrade this node.");
}
