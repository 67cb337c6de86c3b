using System.Collections;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call, in order; a key may come more than once.</summary>
public sealed partial class Metadata : IList<Metadata.Entry>
{
    /// <summary>Keys that end so carry bytes (base64 on the wire), all others ASCII text.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>No entries, and none can be added.</summary>
    public static readonly Metadata Empty = new(isReadOnly: true);

    private readonly List<Entry> _entries = [];

    /// <summary>Makes an empty list.</summary>
    public Metadata()
        : this(isReadOnly: false)
    {
    }

    private Metadata(bool isReadOnly) => IsReadOnly = isReadOnly;

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            CheckWrite(value);
            _entries[index] = value;
        }
    }

    /// <summary>The last entry of this key, or null.</summary>
    /// <param name="key">In any case.</param>
    public Entry? Get(string key) => _entries.FindLast(entry => entry.HasKey(key));

    /// <summary>The last text of this key, or null.</summary>
    /// <param name="key">In any case.</param>
    /// <exception cref="InvalidOperationException">The key is binary.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The last bytes of this key, or null.</summary>
    /// <param name="key">In any case.</param>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries of this key, in order.</summary>
    /// <param name="key">In any case.</param>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.HasKey(key));

    /// <summary>Adds an entry at the end.</summary>
    /// <exception cref="InvalidOperationException">This list is read-only.</exception>
    public void Add(Entry item)
    {
        CheckWrite(item);
        _entries.Add(item);
    }

    /// <summary>Adds text at the end.</summary>
    /// <param name="key">Letters, digits and <c>._-</c>, not ending in <c>-bin</c>.</param>
    /// <param name="value">ASCII text.</param>
    /// <exception cref="ArgumentException">The key cannot be one of text.</exception>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds bytes at the end.</summary>
    /// <param name="key">Letters, digits and <c>._-</c>, ending in <c>-bin</c>.</param>
    /// <param name="valueBytes">Copied.</param>
    /// <exception cref="ArgumentException">The key cannot be one of bytes.</exception>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Insert(int index, Entry item)
    {
        CheckWrite(item);
        _entries.Insert(index, item);
    }

    /// <inheritdoc/>
    public bool Remove(Entry item)
    {
        CheckWrite();
        return _entries.Remove(item);
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        CheckWrite();
        _entries.RemoveAt(index);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        CheckWrite();
        _entries.Clear();
    }

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void CheckWrite(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        CheckWrite();
    }

    private void CheckWrite()
    {
        if (IsReadOnly)
            throw new InvalidOperationException("This metadata is read-only.");
    }
}
