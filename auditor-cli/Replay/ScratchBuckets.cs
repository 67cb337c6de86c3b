using System.Collections;
using Microsoft.Data.Sqlite;
using RxChain.Ledger.StateMaps;

namespace RxChain.Auditor.Replay;

/// <summary>
/// The state map's cold buckets, in a temporary SQLite database: a file without a name that the system removes when it
/// is closed, however the process ends. Nothing in it outlives a run, so nothing is journalled or synced.
/// </summary>
internal sealed class ScratchBuckets : IBucketReader, IDisposable
{
    private const string Settings = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8192;";
    private const string Schema = "CREATE TABLE bucket (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _write;
    private readonly BitArray _stored;

    public ScratchBuckets(int bucketBits)
    {
        _stored = new BitArray(1 << bucketBits);
        _connection = new SqliteConnection("Data Source=;Pooling=False");
        _connection.Open();
        Execute(Settings + Schema);
        _read = Command("SELECT bytes FROM bucket WHERE id = $id");
        _write = Command("INSERT OR REPLACE INTO bucket VALUES ($id, $bytes)");
        _write.Parameters.Add("$bytes", SqliteType.Blob);
    }

    public byte[]? ReadBucket(uint bucket)
    {
        if (!_stored[(int)bucket])
            return null;
        _read.Parameters[0].Value = (long)bucket;
        return (byte[])_read.ExecuteScalar()!;
    }

    /// <summary>Stores changed buckets; an empty one is forgotten.</summary>
    public void Write(IEnumerable<(uint Bucket, byte[]? Bytes)> buckets)
    {
        using var transaction = _connection.BeginTransaction();
        _write.Transaction = transaction;
        foreach (var (bucket, bytes) in buckets)
        {
            _stored[(int)bucket] = bytes is not null;
            if (bytes is null)
                continue;
            _write.Parameters[0].Value = (long)bucket;
            _write.Parameters[1].Value = bytes;
            _write.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add("$id", SqliteType.Integer);
        return command;
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
