using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>
/// The lookup index in an SQLite file of its own: a cache of the log. A damaged file, or one of another version, is
/// emptied when it is opened, and the reader fills it again. Thread-safe.
/// </summary>
public sealed class SqliteLookupIndex : ILookupIndex
{
    private const int Version = 1;

    // A prescription's row stands under the leaf of its Issue: listings are in the order of issue. Holder and status are
    // as stored; what they mean at a ledger time is judged when they are read.
    private const string Tables = """
        CREATE TABLE leaf(prescription BLOB NOT NULL, leaf INTEGER NOT NULL, PRIMARY KEY (prescription, leaf)) WITHOUT ROWID;
        CREATE TABLE prescription(issued INTEGER PRIMARY KEY, id BLOB NOT NULL, issuer TEXT NOT NULL, nominee TEXT NOT NULL,
          holder TEXT NOT NULL, order_of_repeats BLOB NOT NULL, status INTEGER NOT NULL, not_after INTEGER NOT NULL,
          claim_until INTEGER NOT NULL, cancellation_pending INTEGER NOT NULL);
        CREATE INDEX by_issuer ON prescription(issuer, issued);
        CREATE INDEX by_nominee ON prescription(nominee, issued) WHERE nominee <> '';
        CREATE INDEX by_holder ON prescription(holder, issued) WHERE holder <> '';
        CREATE INDEX by_group ON prescription(order_of_repeats, issued) WHERE order_of_repeats <> x'';
        CREATE TABLE mark(id INTEGER PRIMARY KEY CHECK (id = 0), size INTEGER NOT NULL, hash BLOB NOT NULL);
        INSERT INTO mark VALUES (0, 0, zeroblob(32));
        """;

    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly string _path;
    private SqliteConnection _writer;
    private SqliteConnection _reader;

    private SqliteLookupIndex(string path)
    {
        _path = path;
        (_writer, _reader) = Connect();
        Mark = ReadMark();
    }

    /// <inheritdoc/>
    public LookupMark Mark { get; private set; }

    /// <summary>Opens the index in a file, creating it when there is none.</summary>
    /// <exception cref="IOException">The disk refused, or another process holds the file.</exception>
    public static SqliteLookupIndex Open(string path) => SqliteErrors.Translate(path, () => new SqliteLookupIndex(path));

    /// <inheritdoc/>
    public (IReadOnlyList<long> Leaves, long KnownSize) FindLeaves(ReadOnlyMemory<byte> prescriptionId)
    {
        lock (_reading)
        {
            // The mark first: rows that are added meanwhile are more than it promises, never less.
            long known = Mark.Size;
            using var command = SqliteFile.Command(
                _reader, "SELECT leaf FROM leaf WHERE prescription = ?1 AND leaf < ?2 ORDER BY leaf", prescriptionId.ToArray(), known);
            using var rows = command.ExecuteReader();
            var leaves = new List<long>();
            while (rows.Read())
                leaves.Add(rows.GetInt64(0));
            return (leaves, known);
        }
    }

    /// <inheritdoc/>
    public LookupPage List(LookupQuery query)
    {
        lock (_reading)
            return LookupListing.Read(_reader, query, Mark.Size);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk refused; the message names the file.</exception>
    public void Add(IReadOnlyList<LookupLeaf> leaves, IReadOnlyList<LookupState> changed, LookupMark mark) =>
        SqliteErrors.Translate(_path, () => AddInOne(leaves, changed, mark));

    private LookupMark AddInOne(IReadOnlyList<LookupLeaf> leaves, IReadOnlyList<LookupState> changed, LookupMark mark)
    {
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            AddLeaves(leaves);
            AddStates(changed);
            SqliteFile.Execute(_writer, "UPDATE mark SET size = ?1, hash = ?2", mark.Size, mark.LastLeafHash.ToArray());
            transaction.Commit();
            return Mark = mark;
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        lock (_reading)
        {
            lock (_writing)
            {
                Close();
                SqliteFile.Delete(_path);
                (_writer, _reader) = Connect();
                Mark = LookupMark.None;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_reading)
        {
            lock (_writing)
                Close();
        }
    }

    private void AddLeaves(IReadOnlyList<LookupLeaf> leaves)
    {
        using var command = SqliteFile.CommandOf(_writer, "INSERT OR IGNORE INTO leaf VALUES (?1, ?2)", 2);
        foreach (var (prescriptionId, leaf) in leaves)
            SqliteFile.Repeat(command, prescriptionId.ToArray(), leaf);
    }

    private void AddStates(IReadOnlyList<LookupState> changed)
    {
        using var command = SqliteFile.CommandOf(
            _writer, "INSERT OR REPLACE INTO prescription VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", 10);
        foreach (var (id, state) in changed)
        {
            SqliteFile.Repeat(
                command, (long)state.Acts[0].LeafIndex, id.ToArray(), state.Issuer, state.Nominee, state.Holder,
                state.GroupId.ToByteArray(), (long)state.Status, state.NotAfterMs, state.ClaimUntilMs,
                state.CancellationPending ? 1L : 0L);
        }
    }

    private (SqliteConnection Writer, SqliteConnection Reader) Connect()
    {
        if (TryOpen() is not { } writer)
        {
            SqliteFile.Delete(_path);
            writer = TryOpen() ?? throw new InvalidOperationException($"{_path} was deleted and is still there.");
        }
        return (writer, SqliteFile.Connect(_path, "NORMAL"));
    }

    // Null for a file that is damaged or of another version.
    private SqliteConnection? TryOpen()
    {
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteFile.Connect(_path, "NORMAL");
            if (SqliteFile.TryEnsure(connection, Version, Tables))
                return connection;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SqliteFile.Corrupt or SqliteFile.NotADatabase)
        {
            // Emptied by the caller.
        }
        connection?.Dispose();
        return null;
    }

    private LookupMark ReadMark()
    {
        using var command = SqliteFile.Command(_writer, "SELECT size, hash FROM mark");
        using var row = command.ExecuteReader();
        return row.Read() && Hash32.TryCreate(row.GetFieldValue<byte[]>(1), out var hash)
            ? new LookupMark(row.GetInt64(0), hash)
            : throw new InvalidDataException($"{_path} has no mark: delete it; it is rebuilt from the log.");
    }

    private void Close()
    {
        _reader.Dispose();
        _writer.Dispose();
    }
}
