using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Prescriptions.State;

namespace RxChain.Storage;

/// <summary>Prescriptions as of the mark, and the leaves that name them.</summary>
internal static class LookupStates
{
    // What Issue says for good is written once, so that later acts touch two indexes and not five.
    private const string Upsert = """
        INSERT INTO prescription VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT (issued) DO UPDATE SET holder = ?5, status = ?7, claim_until = ?9, cancellation_pending = ?10,
          next_lapse = ?11, state = ?12
        """;

    public static void AddLeaves(SqliteConnection connection, IReadOnlyList<LookupLeaf> leaves)
    {
        using var command = SqliteFile.CommandOf(connection, "INSERT OR IGNORE INTO leaf VALUES (?1, ?2)", 2);
        foreach (var (prescriptionId, leaf) in leaves)
            SqliteFile.Repeat(command, prescriptionId.ToArray(), leaf);
    }

    public static void Add(SqliteConnection connection, IReadOnlyList<LookupState> states)
    {
        using var command = SqliteFile.CommandOf(connection, Upsert, 12);
        using var supply = SqliteFile.CommandOf(connection, "INSERT OR IGNORE INTO supply VALUES (?1, ?2)", 2);
        foreach (var (id, state, nextLapseMs) in states)
        {
            long issued = (long)state.Acts[0].LeafIndex;
            SqliteFile.Repeat(
                command, issued, id.ToArray(), state.Issuer, state.Nominee, state.Holder, state.GroupId.ToByteArray(),
                (long)state.Status, state.NotAfterMs, state.ClaimUntilMs, state.CancellationPending ? 1L : 0L,
                nextLapseMs == long.MaxValue ? DBNull.Value : nextLapseMs, Google.Protobuf.MessageExtensions.ToByteArray(state));
            foreach (var supplied in state.Supplies)
                SqliteFile.Repeat(supply, supplied.Dispenser, issued);
            // Its supply is with the prescription that covers it.
            if (!state.CoveredBy.IsEmpty)
                SqliteFile.Execute(connection, "DELETE FROM supply WHERE issued = ?1 AND dispenser = ?2", issued, state.ContentCustodian);
        }
    }

    // The first accepted act of a prescription is among the leaves that name it: no index of ids is needed.
    public static Prescription? Find(SqliteConnection connection, ReadOnlyMemory<byte> prescriptionId)
    {
        using var command = SqliteFile.Command(
            connection,
            "SELECT p.state FROM leaf AS l JOIN prescription AS p ON p.issued = l.leaf WHERE l.prescription = ?1 AND p.id = ?1",
            prescriptionId.ToArray());
        return command.ExecuteScalar() is byte[] state ? Prescription.Parser.ParseFrom(state) : null;
    }

    public static long NextLapseAfter(SqliteConnection connection, long ledgerTimeMs)
    {
        using var command = SqliteFile.Command(
            connection, "SELECT min(next_lapse) FROM prescription WHERE next_lapse > ?1", ledgerTimeMs);
        return command.ExecuteScalar() is long next ? next : long.MaxValue;
    }

    public static IReadOnlyList<LookupState> FindLapsing(SqliteConnection connection, long afterMs, long untilMs)
    {
        using var command = SqliteFile.Command(
            connection, "SELECT id, state, next_lapse FROM prescription WHERE next_lapse > ?1 AND next_lapse <= ?2", afterMs, untilMs);
        using var row = command.ExecuteReader();
        var states = new List<LookupState>();
        while (row.Read())
        {
            var state = Prescription.Parser.ParseFrom(row.GetFieldValue<byte[]>(1));
            states.Add(new LookupState(row.GetFieldValue<byte[]>(0), state, row.GetInt64(2)));
        }
        return states;
    }
}
