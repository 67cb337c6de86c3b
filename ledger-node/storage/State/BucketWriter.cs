using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>Commits buckets and mark over a connection of its own, which it disposes. Not thread-safe.</summary>
internal sealed class BucketWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _put;
    private readonly SqliteCommand _delete;
    private readonly SqliteCommand _mark;

    public BucketWriter(SqliteConnection connection)
    {
        _connection = connection;
        _put = Prepare("INSERT INTO bucket VALUES ($id, $bytes) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes", "$id", "$bytes");
        _delete = Prepare("DELETE FROM bucket WHERE id = $id", "$id");
        _mark = Prepare("UPDATE applied SET size = $size, root = $root", "$size", "$root");
        Applied = ReadMark();
    }

    /// <summary>The mark of the last commit.</summary>
    public AppliedMark Applied { get; private set; }

    public void Commit(IReadOnlyList<BucketWrite> writes, AppliedMark mark)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        for (int i = 0; i < writes.Count; i++)
        {
            var (bucket, bytes) = writes[i];
            if (bytes is null)
                Run(_delete, transaction, (long)bucket);
            else
                Run(_put, transaction, (long)bucket, bytes);
        }
        Run(_mark, transaction, mark.Size, mark.StateRoot.ToArray());
        transaction.Commit();
        Applied = mark;
    }

    public void Dispose()
    {
        _put.Dispose();
        _delete.Dispose();
        _mark.Dispose();
        _connection.Dispose();
    }

    private AppliedMark ReadMark()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT size, root FROM applied";
        using var row = command.ExecuteReader();
        if (!row.Read() || !Hash32.TryCreate(row.GetFieldValue<byte[]>(1), out var root))
            throw new CorruptStateException($"{_connection.DataSource} has no mark of what it holds. It is a cache of the log and is rebuilt from it.");
        return new AppliedMark(row.GetInt64(0), root);
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static void Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object> values)
    {
        command.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }
}
