using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>Request ids in an SQLite file of their own. A binding survives power loss. Not a cache: keep the file. Thread-safe.</summary>
public sealed class SqliteRequestIds : IRequestIds, IDisposable
{
    private const int Version = 1;

    private const string Tables =
        "CREATE TABLE request(organisation TEXT, request_id TEXT, event BLOB NOT NULL, PRIMARY KEY (organisation, request_id)) WITHOUT ROWID;";

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    private SqliteRequestIds(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file, creating it when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is of another version.</exception>
    /// <exception cref="SqliteException">The disk refused, the file is damaged, or another process holds it.</exception>
    public static SqliteRequestIds Open(string path)
    {
        var connection = SqliteFile.Connect(path, "FULL");
        if (SqliteFile.TryEnsure(connection, Version, Tables))
            return new SqliteRequestIds(connection);
        connection.Dispose();
        throw new InvalidDataException($"{path} was written by another version of this program.");
    }

    /// <summary>Writes a whole copy of the file, also while a node uses it. <paramref name="target"/> must not exist.</summary>
    /// <exception cref="SqliteException">The disk refused, or the target exists.</exception>
    public static void Copy(string path, string target)
    {
        using var connection = SqliteFile.Connect(path, "FULL");
        SqliteFile.Execute(connection, "VACUUM INTO ?1", target);
    }

    /// <inheritdoc/>
    public Hash32 Bind(string organisation, string requestId, Hash32 eventId)
    {
        lock (_lock)
        {
            if (Find(organisation, requestId) is { } first)
                return first;
            SqliteFile.Execute(_connection, "INSERT INTO request VALUES (?1, ?2, ?3)", organisation, requestId, eventId.ToArray());
            return eventId;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _connection.Dispose();
    }

    private Hash32? Find(string organisation, string requestId)
    {
        using var command = SqliteFile.Command(
            _connection, "SELECT event FROM request WHERE organisation = ?1 AND request_id = ?2", organisation, requestId);
        return command.ExecuteScalar() is byte[] first ? new Hash32(first) : null;
    }
}
