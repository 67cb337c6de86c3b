using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Prescriptions.State;

namespace RxChain.Storage;

/// <summary>
/// The lookup index in an SQLite file of its own: a cache of the log. A damaged file, or one of another version, is
/// emptied when it is opened, and the reader fills it again. Thread-safe.
/// </summary>
public sealed class SqliteLookupIndex : ILookupIndex
{
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly string _path;
    private SqliteConnection _writer;
    private SqliteConnection _reader;
    private TaskCompletionSource _advanced = NewSignal();

    private SqliteLookupIndex(string path)
    {
        _path = path;
        (_writer, _reader) = Connect();
        Mark = ReadMark();
    }

    /// <inheritdoc/>
    public LookupMark Mark
    {
        get;
        private set
        {
            field = value;
            Interlocked.Exchange(ref _advanced, NewSignal()).SetResult();
        }
    }

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
    public IReadOnlyList<LookupNotice> FindNotices(long sealLeaf, int fromPlace, int limit)
    {
        lock (_reading)
            return LookupNotices.Read(_reader, sealLeaf, fromPlace, limit);
    }

    /// <inheritdoc/>
    public Prescription? FindState(ReadOnlyMemory<byte> prescriptionId)
    {
        lock (_writing)
            return LookupStates.Find(_writer, prescriptionId);
    }

    /// <inheritdoc/>
    public long NextLapseAfter(long ledgerTimeMs)
    {
        lock (_writing)
            return LookupStates.NextLapseAfter(_writer, ledgerTimeMs);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LookupState> FindLapsing(long afterMs, long untilMs)
    {
        lock (_writing)
            return LookupStates.FindLapsing(_writer, afterMs, untilMs);
    }

    /// <inheritdoc/>
    public async Task<long> WaitBeyondAsync(long size, CancellationToken cancellationToken)
    {
        while (true)
        {
            var advanced = Volatile.Read(ref _advanced).Task;
            if (Mark.Size > size)
                return Mark.Size;
            await advanced.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk refused; the message names the file.</exception>
    public void Add(LookupAddition addition) => SqliteErrors.Translate(_path, () => AddInOne(addition));

    private LookupMark AddInOne(LookupAddition addition)
    {
        lock (_writing)
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            LookupStates.AddLeaves(_writer, addition.Leaves);
            LookupStates.Add(_writer, addition.States);
            LookupNotices.Add(_writer, addition.Notices);
            SqliteFile.Execute(
                _writer, "UPDATE mark SET size = ?1, hash = ?2", addition.Mark.Size, addition.Mark.LastLeafHash.ToArray());
            transaction.Commit();
            return Mark = addition.Mark;
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
            if (SqliteFile.TryEnsure(connection, LookupTables.Version, LookupTables.Sql))
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

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Close()
    {
        _reader.Dispose();
        _writer.Dispose();
    }
}
