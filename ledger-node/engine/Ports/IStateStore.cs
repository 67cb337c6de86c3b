using RxChain.Ledger;

namespace RxChain.Engine.Ports;

/// <summary>The block up to which the state store has applied the log.</summary>
/// <param name="Size">Leaves applied: the size right after a seal; 0 for an empty store.</param>
/// <param name="StateRoot">Root of the state map there, as in that seal.</param>
public readonly record struct AppliedMark(long Size, Hash32 StateRoot);

/// <summary>One bucket of the state map with its entries, or null bytes to delete it.</summary>
public readonly record struct BucketWrite(uint Bucket, byte[]? Bytes);

/// <summary>
/// Durable home of the state map's buckets: a cache of the log that can be deleted and rebuilt.
/// Rows and mark are committed together. Reads may run concurrently with a commit and see either side of it.
/// </summary>
public interface IStateStore : IDisposable
{
    /// <summary>Where the store stands.</summary>
    AppliedMark Applied { get; }

    /// <summary>Bytes of a bucket, or null when it is empty.</summary>
    byte[]? ReadBucket(uint bucket);

    /// <summary>All non-empty buckets in ascending order; to rebuild the hash tree at a start.</summary>
    IEnumerable<(uint Bucket, byte[] Bytes)> ReadAll();

    /// <summary>Writes buckets and mark in one transaction.</summary>
    void Commit(IReadOnlyList<BucketWrite> writes, AppliedMark mark);

    /// <summary>Empties the store: it will be rebuilt from the log.</summary>
    void Reset();
}

/// <summary>
/// The store's file is damaged: <see cref="IStateStore.Reset"/> it and rebuild it from the log. Any member but that one and
/// <see cref="IStateStore.Applied"/> may throw it.
/// </summary>
public sealed class CorruptStateException(string message, Exception? inner = null) : Exception(message, inner);
