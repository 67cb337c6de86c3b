using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>
/// The state map's buckets in an SQLite database, one row a bucket. A commit is not flushed by itself (WAL,
/// synchronous=NORMAL): a power loss leaves an earlier commit, whole, and the rest is replayed from the log. Thread-safe.
/// Members throw <see cref="IOException"/> when the disk refuses or another process holds the database.
/// </summary>
public sealed class SqliteStateStore : IStateStore
{
    private readonly Lock _reading = new();
    private readonly Lock _writing = new();
    private readonly string _path;
    private BucketReader _reader;
    private BucketWriter _writer;

    private SqliteStateStore(string path)
    {
        _path = path;
        try
        {
            (_writer, _reader) = Connect();
        }
        catch (CorruptStateException e)
        {
            ResetReason = e.Message;
            DeleteFiles();
            (_writer, _reader) = Connect();
        }
    }

    /// <summary>Why the store was emptied when it was opened, for the operator; null when it was not.</summary>
    public string? ResetReason { get; }

    /// <inheritdoc/>
    public AppliedMark Applied
    {
        get
        {
            lock (_writing)
                return _writer.Applied;
        }
    }

    /// <summary>
    /// Opens the database of a data directory, creating it when there is none, and emptying it when it is damaged or of
    /// another schema version.
    /// </summary>
    /// <exception cref="IOException">The disk refused, or another process holds the database.</exception>
    public static SqliteStateStore Open(DataDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return Open(directory.StateFile);
    }

    internal static SqliteStateStore Open(string path) => new(path);

    /// <inheritdoc/>
    public byte[]? ReadBucket(uint bucket)
    {
        lock (_reading)
            return SqliteErrors.Translate(_path, () => _reader.Read(bucket));
    }

    /// <inheritdoc/>
    public IEnumerable<(uint Bucket, byte[] Bytes)> ReadAll()
    {
        using var reader = SqliteErrors.Translate(_path, () => new BucketReader(SqliteSchema.Connect(_path)));
        using var rows = SqliteErrors.Translate(_path, reader.ReadAll);
        while (SqliteErrors.Translate(_path, rows.Read))
            yield return SqliteErrors.Translate(_path, () => ((uint)rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)));
    }

    /// <inheritdoc/>
    public void Commit(IReadOnlyList<BucketWrite> writes, AppliedMark mark)
    {
        ArgumentNullException.ThrowIfNull(writes);
        lock (_writing)
        {
            SqliteErrors.Translate(_path, () =>
            {
                _writer.Commit(writes, mark);
                return true;
            });
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        lock (_reading)
        {
            lock (_writing)
            {
                _reader.Dispose();
                _writer.Dispose();
                DeleteFiles();
                (_writer, _reader) = Connect();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_reading)
        {
            lock (_writing)
            {
                _reader.Dispose();
                _writer.Dispose();
            }
        }
    }

    private (BucketWriter Writer, BucketReader Reader) Connect() => SqliteErrors.Translate(_path, () =>
    {
        var connection = SqliteSchema.Connect(_path);
        try
        {
            SqliteSchema.Ensure(connection);
            return (new BucketWriter(connection), new BucketReader(SqliteSchema.Connect(_path)));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    private void DeleteFiles()
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"])
            File.Delete(_path + suffix);
    }
}
