using Google.Protobuf;
using RxChain.Ledger.Layout;

namespace RxChain.Ledger.StateMaps;

/// <summary>One entry of the state map: key, value as hashed, and the value parsed once.</summary>
internal sealed class StateEntry(Hash32 key, ReadOnlyMemory<byte> value, IMessage? parsed)
{
    private IMessage? _parsed = parsed;

    public Hash32 Key { get; } = key;

    public ReadOnlyMemory<byte> Value { get; } = value;

    public Hash32 ValueHash { get; } = Hash32.Sha256(value.Span);

    public T Parsed<T>() where T : class, IMessage<T>, new()
    {
        if (_parsed is T already)
            return already;
        var message = new T();
        message.MergeFrom(Value.Span);
        _parsed = message;
        return message;
    }
}

/// <summary>Tells something about the value of an entry.</summary>
internal delegate bool ValuePredicate(ReadOnlySpan<byte> value);

/// <summary>
/// The entries whose keys share their first bits, in ascending order of key. Immutable: a change makes a new bucket,
/// so that older states stay readable. Bytes: each entry as key 32, value length u32, value.
/// Hash: SHA-256(0x00, then key and value hash of each entry).
/// </summary>
internal sealed class Bucket
{
    /// <summary>Entries from which on an event that needs a new one is refused.</summary>
    public const int MaxEntries = 4096;

    /// <summary>Entries from which on a refused event leaves no new one: half of a bucket is out of its reach.</summary>
    public const int MaxEntriesByRefusals = MaxEntries / 2;

    private const int EntryHeadBytes = Hash32.SizeBytes + 4;
    private readonly StateEntry[] _entries;

    private Bucket(StateEntry[] entries)
    {
        _entries = entries;
        foreach (var entry in entries)
            SizeBytes += EntryHeadBytes + entry.Value.Length;
    }

    public static Bucket Empty { get; } = new([]);

    public IReadOnlyList<StateEntry> Entries => _entries;

    public int SizeBytes { get; }

    public StateEntry? Find(in Hash32 key)
    {
        int at = IndexOf(key);
        return at >= 0 ? _entries[at] : null;
    }

    public Bucket With(StateEntry entry)
    {
        int at = IndexOf(entry.Key);
        if (at >= 0)
        {
            var replaced = (StateEntry[])_entries.Clone();
            replaced[at] = entry;
            return new Bucket(replaced);
        }
        var grown = new StateEntry[_entries.Length + 1];
        Array.Copy(_entries, grown, ~at);
        grown[~at] = entry;
        Array.Copy(_entries, ~at, grown, ~at + 1, _entries.Length - ~at);
        return new Bucket(grown);
    }

    public Bucket Without(in Hash32 key)
    {
        int at = IndexOf(key);
        return at < 0 ? this : new Bucket([.. _entries[..at], .. _entries[(at + 1)..]]);
    }

    /// <summary>Without the entries of these values; this bucket when there are none.</summary>
    public Bucket Without(ValuePredicate goes) =>
        Array.Exists(_entries, e => goes(e.Value.Span)) ? new Bucket(Array.FindAll(_entries, e => !goes(e.Value.Span))) : this;

    public Hash32 ComputeHash()
    {
        int length = 1 + _entries.Length * 2 * Hash32.SizeBytes;
        Span<byte> buffer = length <= 1024 ? stackalloc byte[length] : new byte[length];
        buffer[0] = 0;
        int at = 1;
        foreach (var entry in _entries)
        {
            entry.Key.CopyTo(buffer[at..]);
            entry.ValueHash.CopyTo(buffer[(at + Hash32.SizeBytes)..]);
            at += 2 * Hash32.SizeBytes;
        }
        return Hash32.Sha256(buffer);
    }

    public byte[] ToArray()
    {
        var writer = new ByteWriter(Math.Max(1, SizeBytes));
        foreach (var entry in _entries)
            writer.Hash(entry.Key).Blob32(entry.Value.Span);
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="ToArray"/> wrote; null when it cannot be that.</summary>
    public static Bucket? TryParse(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var entries = new List<StateEntry>(1);
        while (!reader.AtEnd)
        {
            var key = reader.Hash();
            var value = reader.Bytes((int)Math.Min(reader.U32(), int.MaxValue));
            if (reader.Failed || (entries.Count > 0 && entries[^1].Key >= key))
                return null;
            entries.Add(new StateEntry(key, value, null));
        }
        return new Bucket([.. entries]);
    }

    private int IndexOf(in Hash32 key)
    {
        int low = 0, high = _entries.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = _entries[middle].Key.CompareTo(key);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return ~low;
    }
}
