using Microsoft.Data.Sqlite;

namespace RxChain.Storage;

/// <summary>Reads buckets over a connection of its own, which it disposes. Not thread-safe.</summary>
internal sealed class BucketReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _read;
    private readonly SqliteParameter _bucket;
    private SqliteCommand? _readAll;

    public BucketReader(SqliteConnection connection)
    {
        _connection = connection;
        _read = connection.CreateCommand();
        _read.CommandText = "SELECT bytes FROM bucket WHERE id = $id";
        _bucket = _read.Parameters.Add("$id", SqliteType.Integer);
        _read.Prepare();
    }

    public byte[]? Read(uint bucket)
    {
        _bucket.Value = (long)bucket;
        return (byte[]?)_read.ExecuteScalar();
    }

    /// <summary>All rows (id, bytes) in ascending order, of one moment.</summary>
    public SqliteDataReader ReadAll()
    {
        _readAll = _connection.CreateCommand();
        _readAll.CommandText = "SELECT id, bytes FROM bucket ORDER BY id";
        return _readAll.ExecuteReader();
    }

    public void Dispose()
    {
        _read.Dispose();
        _readAll?.Dispose();
        _connection.Dispose();
    }
}
