using System.Threading.Channels;
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

    private const int MaxGroup = 1024;

    private readonly Channel<Binding> _waiting = Channel.CreateBounded<Binding>(new BoundedChannelOptions(MaxGroup) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Task _writing;

    private SqliteRequestIds(SqliteConnection connection)
    {
        _connection = connection;
        _writing = Task.Run(WriteAsync);
    }

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

    /// <summary>Writes a whole copy of the file, also while a node uses it. <paramref name="target"/> must not exist.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The disk refused, or the target exists.</exception>
    public static void Copy(string path, string target)
    {
        try
        {
            using var connection = SqliteFile.Connect(path, "FULL");
            SqliteFile.Execute(connection, "VACUUM INTO ?1", target);
        }
        catch (SqliteException e)
        {
            throw Translate(path, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OrderingUnavailableException">The disk refused; whether the id is bound shows at the next try.</exception>
    public async Task<Hash32> BindAsync(string organisation, string requestId, Hash32 eventId)
    {
        var binding = new Binding(organisation, requestId, eventId);
        await _waiting.Writer.WriteAsync(binding).ConfigureAwait(false);
        return await binding.Done.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _writing.GetAwaiter().GetResult();
        _connection.Dispose();
    }

    // All that wait share one transaction, and so one flush.
    private async Task WriteAsync()
    {
        var group = new List<Binding>();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            group.Clear();
            while (group.Count < MaxGroup && _waiting.Reader.TryRead(out var binding))
                group.Add(binding);
            Write(group);
        }
    }

    private void Write(List<Binding> group)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            var bound = group.ConvertAll(b => Bind(b, transaction));
            transaction.Commit();
            for (int i = 0; i < group.Count; i++)
                group[i].Done.SetResult(bound[i]);
        }
        catch (SqliteException e)
        {
            var refused = new OrderingUnavailableException($"The request id could not be kept: {e.Message}", e);
            group.ForEach(b => b.Done.TrySetException(refused));
        }
    }

    private Hash32 Bind(Binding binding, SqliteTransaction transaction)
    {
        if (Find(binding, transaction) is { } first)
            return first;
        using var insert = SqliteFile.Command(
            _connection, "INSERT INTO request VALUES (?1, ?2, ?3)", binding.Organisation, binding.RequestId, binding.EventId.ToArray());
        insert.Transaction = transaction;
        insert.ExecuteNonQuery();
        return binding.EventId;
    }

    private static Exception Translate(string path, SqliteException error) =>
        error.SqliteErrorCode is SqliteFile.Corrupt or SqliteFile.NotADatabase
            ? new InvalidDataException($"{path} is damaged ({error.Message}). It cannot be made again: restore it from a backup. Without it a retry may act twice.", error)
            : new IOException($"{path}: {error.Message}", error);

    private Hash32? Find(Binding binding, SqliteTransaction transaction)
    {
        using var command = SqliteFile.Command(
            _connection, "SELECT event FROM request WHERE organisation = ?1 AND request_id = ?2", binding.Organisation, binding.RequestId);
        command.Transaction = transaction;
        return command.ExecuteScalar() is byte[] first ? new Hash32(first) : null;
    }

    private sealed record Binding(string Organisation, string RequestId, Hash32 EventId)
    {
        public TaskCompletionSource<Hash32> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
