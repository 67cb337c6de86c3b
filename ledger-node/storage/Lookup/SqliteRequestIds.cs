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
    /// <exception cref="InvalidDataException">The file is damaged or of another version.</exception>
    /// <exception cref="IOException">The disk refused, or another process holds the file.</exception>
    public static SqliteRequestIds Open(string path)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteFile.Connect(path, "FULL");
            return SqliteFile.TryEnsure(connection, Version, Tables)
                ? new SqliteRequestIds(connection)
                : throw new InvalidDataException($"{path} was written by another version of this program.");
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is SqliteException error)
                throw Translate(path, error);
            throw;
        }
    }

    /// <summary>
    /// Copies a file of request ids, also while a node has it open: what SQLite keeps beside the file goes with it. Does
    /// nothing when there is no such file, or a target already.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">A disk refused, or another process holds a file.</exception>
    public static void Copy(string path, string target)
    {
        if (!File.Exists(path) || File.Exists(target))
            return;
        try
        {
            using var source = SqliteFile.Connect(path, "FULL");
            using var copy = SqliteFile.Connect(target, "FULL");
            source.BackupDatabase(copy);
        }
        catch (SqliteException e)
        {
            throw Translate(path, e);
        }
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
            try
            {
                if (Find(organisation, requestId) is { } first)
                    return first;
                SqliteFile.Execute(_connection, "INSERT INTO request VALUES (?1, ?2, ?3)", organisation, requestId, eventId.ToArray());
                return eventId;
            }
            catch (SqliteException e)
            {
                throw new OrderingUnavailableException($"The request id could not be kept: {e.Message}", e);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
            _connection.Dispose();
    }

    private static Exception Translate(string path, SqliteException error) =>
        error.SqliteErrorCode is SqliteFile.Corrupt or SqliteFile.NotADatabase
            ? new InvalidDataException($"{path} is damaged ({error.Message}). It cannot be made again: restore it from a backup. Without it a retry may act twice.", error)
            : new IOException($"{path}: {error.Message}", error);

    private Hash32? Find(string organisation, string requestId)
    {
        using var command = SqliteFile.Command(
            _connection, "SELECT event FROM request WHERE organisation = ?1 AND request_id = ?2", organisation, requestId);
        return command.ExecuteScalar() is byte[] first ? new Hash32(first) : null;
    }
}
