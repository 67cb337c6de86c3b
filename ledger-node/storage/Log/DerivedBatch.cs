using System.Runtime.InteropServices;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>
/// Compares what is derived from a run of leaves with the stored index and leaf hashes, some hundred at a time; or, when
/// <paramref name="mend"/> is set, writes it where it differs.
/// </summary>
internal sealed class DerivedBatch(LeafIndex index, TileFiles tiles, long firstIndex, bool mend)
{
    private const int Capacity = 512;

    private readonly byte[] _entries = new byte[Capacity * IndexEntry.SizeBytes];
    private readonly byte[] _storedEntries = new byte[Capacity * IndexEntry.SizeBytes];
    private readonly Hash32[] _hashes = new Hash32[Capacity];
    private readonly Hash32[] _storedHashes = new Hash32[Capacity];
    private long _first = firstIndex;
    private int _count;

    /// <summary>True when some stored entry or hash was missing or another.</summary>
    public bool Differs { get; private set; }

    /// <summary>
    /// First leaf whose bytes pass their checksum, but against whose hash both index and tile bear witness, which are
    /// separate files: the log was altered, not they.
    /// </summary>
    public long? AlteredLeaf { get; private set; }

    public void Add(in IndexEntry entry, in Hash32 hash)
    {
        entry.Write(_entries.AsSpan(_count * IndexEntry.SizeBytes));
        _hashes[_count++] = hash;
        if (_count == Capacity)
            Complete();
    }

    /// <summary>Compares, or writes, what was added since the last time.</summary>
    public void Complete()
    {
        var entries = _entries.AsSpan(0, _count * IndexEntry.SizeBytes);
        var hashes = _hashes.AsSpan(0, _count);
        if (!MatchesStored(entries, hashes))
        {
            Differs = true;
            if (mend)
            {
                index.Write(_first, entries);
                tiles.Write(0, _first, hashes);
            }
            else
            {
                AlteredLeaf ??= FindAltered();
            }
        }
        _first += _count;
        _count = 0;
    }

    private bool MatchesStored(ReadOnlySpan<byte> entries, ReadOnlySpan<Hash32> hashes)
    {
        var storedEntries = _storedEntries.AsSpan(0, entries.Length);
        var storedHashes = _storedHashes.AsSpan(0, hashes.Length);
        storedEntries.Clear();
        storedHashes.Clear();
        index.Read(_first, storedEntries);
        tiles.TryRead(0, _first, storedHashes);
        return storedEntries.SequenceEqual(entries)
            && MemoryMarshal.AsBytes(storedHashes).SequenceEqual(MemoryMarshal.AsBytes(hashes));
    }

    private long? FindAltered()
    {
        for (int i = 0; i < _count; i++)
        {
            var stored = _storedHashes[i];
            var entry = IndexEntry.Read(_storedEntries.AsSpan(i * IndexEntry.SizeBytes));
            ulong witness = IndexEntry.Prefix(stored);
            if (witness != IndexEntry.Prefix(_hashes[i]) && witness == entry.HashPrefix && !stored.IsZero)
                return _first + i;
        }
        return null;
    }
}
