using System.Data.Common;
using Microsoft.Data.Sqlite;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Tlog;

namespace RxChain.Storage;

/// <summary>Others' cosignatures, equivocation proofs and the halt, in a SQLite file whose commits survive a power loss.</summary>
public sealed class SqliteSignatures : ICosignatureStore, IDisposable
{
    private const int Version = 1;
    private const string Tables = """
        CREATE TABLE cosignatures (sender TEXT NOT NULL, key_id INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (sender, key_id)) WITHOUT ROWID;
        CREATE TABLE evidence (number INTEGER PRIMARY KEY, proof BLOB NOT NULL);
        CREATE TABLE halt (one INTEGER PRIMARY KEY CHECK (one = 1), kind INTEGER NOT NULL, reason TEXT NOT NULL);
        """;

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    private SqliteSignatures(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a file, creating it when there is none.</summary>
    /// <exception cref="CorruptLogException">It is damaged or of another version.</exception>
    public static SqliteSignatures Open(string path)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteFile.Connect(path, "FULL");
            if (SqliteFile.TryEnsure(connection, Version, Tables))
                return new SqliteSignatures(connection);
            throw new CorruptLogException($"{path} is of another version: start the version that wrote it, or move the file away; peers answer for what it held.");
        }
        catch (SqliteException damage) when (damage.SqliteErrorCode is SqliteFile.Corrupt or SqliteFile.NotADatabase)
        {
            connection?.Dispose();
            throw new CorruptLogException($"{path} is damaged: move it away, it may hold evidence; peers answer for what it held.");
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<HeadCosigned> ReadCosignatures() => Query(
        "SELECT sender, key_id, size, root, signature FROM cosignatures ORDER BY sender, key_id",
        row => new HeadCosigned(
            row.GetString(0),
            new CosignedHead(row.GetInt64(2), new Hash32((byte[])row[3])),
            new NoteSignature(row.GetString(0), (uint)row.GetInt64(1), (byte[])row[4])));

    /// <inheritdoc/>
    public void Save(IReadOnlyCollection<HeadCosigned> cosignatures) => InTransaction(() =>
    {
        foreach (var c in cosignatures)
        {
            SqliteFile.Execute(
                _connection, "INSERT OR REPLACE INTO cosignatures VALUES (?1, ?2, ?3, ?4, ?5)",
                c.Sender, (long)c.Signature.KeyId, c.Head.Size, c.Head.Root.Span.ToArray(), c.Signature.Signature.ToArray());
        }
    });

    /// <inheritdoc/>
    public IReadOnlyList<EquivocationProof> ReadEvidence() => Query(
        "SELECT proof FROM evidence ORDER BY number",
        row => EquivocationProof.TryParse((byte[])row[0], out var proof)
            ? proof : throw new CorruptLogException("signatures.db: a proof in it follows no grammar: move the file away."));

    /// <inheritdoc/>
    public void Add(EquivocationProof proof) =>
        InTransaction(() => SqliteFile.Execute(_connection, "INSERT INTO evidence (proof) VALUES (?1)", proof.ToBytes()));

    /// <inheritdoc/>
    public Halt? ReadHalt() => Query("SELECT kind, reason FROM halt", row => new Halt((HaltKind)row.GetInt32(0), row.GetString(1))).FirstOrDefault();

    /// <inheritdoc/>
    public void Save(Halt halt) =>
        InTransaction(() => SqliteFile.Execute(_connection, "INSERT OR REPLACE INTO halt VALUES (1, ?1, ?2)", (int)halt.Kind, halt.Reason));

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private List<T> Query<T>(string sql, Func<DbDataReader, T> read)
    {
        lock (_lock)
        {
            using var command = SqliteFile.Command(_connection, sql);
            using var rows = command.ExecuteReader();
            var found = new List<T>();
            while (rows.Read())
                found.Add(read(rows));
            return found;
        }
    }

    private void InTransaction(Action work)
    {
        lock (_lock)
        {
            try
            {
                SqliteFile.Execute(_connection, "BEGIN IMMEDIATE");
                work();
                SqliteFile.Execute(_connection, "COMMIT");
            }
            catch (SqliteException refused)
            {
                throw new IOException($"{_connection.DataSource}: {refused.Message}", refused);
            }
        }
    }
}
