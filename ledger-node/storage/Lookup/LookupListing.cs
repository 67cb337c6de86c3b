using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Storage;

/// <summary>Reads one page of a listing.</summary>
internal static class LookupListing
{
    /// <summary>Rows that one page looks at, so that a filter that nothing passes ends soon.</summary>
    private const int MaxRows = 20_000;

    public static LookupPage Read(SqliteConnection connection, LookupQuery query, long knownSize)
    {
        using var command = Command(connection, query);
        using var rows = command.ExecuteReader();
        var found = new List<byte[]>();
        long last = query.AfterLeaf;
        for (int read = 0; rows.Read(); read++)
        {
            if (read == MaxRows || found.Count == query.Limit)
                return new LookupPage(found, last, knownSize);
            last = rows.GetInt64(0);
            if (Passes(query, rows))
                found.Add(rows.GetFieldValue<byte[]>(1));
        }
        return new LookupPage(found, null, knownSize);
    }

    private static SqliteCommand Command(SqliteConnection connection, LookupQuery query)
    {
        var values = new List<object> { query.AfterLeaf };
        var sql = new StringBuilder("SELECT p.issued, p.id, p.status, p.not_after, p.claim_until, p.cancellation_pending FROM ");
        if (query.Dispenser.Length > 0)
        {
            values.Add(query.Dispenser);
            // CROSS JOIN: in this order, so that a page reads no more than it gives.
            sql.Append("supply AS s CROSS JOIN prescription AS p ON p.issued = s.issued WHERE s.issued > ?1 AND s.dispenser = ?2");
        }
        else
        {
            sql.Append("prescription AS p WHERE p.issued > ?1");
        }
        Require(sql, values, "issuer", query.Issuer, query.Issuer.Length);
        Require(sql, values, "nominee", query.Nominee, query.Nominee.Length);
        Require(sql, values, "holder", query.Holder, query.Holder.Length);
        Require(sql, values, "order_of_repeats", query.GroupId.ToArray(), query.GroupId.Length);
        sql.Append(query.Dispenser.Length > 0 ? " ORDER BY s.issued" : " ORDER BY p.issued");
        return SqliteFile.Command(connection, sql.ToString(), [.. values]);
    }

    // "<> ''" lets SQLite use the index, which leaves out rows without this column.
    private static void Require(StringBuilder sql, List<object> values, string column, object value, int length)
    {
        if (length == 0)
            return;
        values.Add(value);
        string empty = value is string ? "''" : "x''";
        sql.Append(CultureInfo.InvariantCulture, $" AND {column} = ?{values.Count} AND {column} <> {empty}");
    }

    private static bool Passes(LookupQuery query, SqliteDataReader row)
    {
        var status = EffectiveState.At(
            new Prescription
            {
                Status = (PrescriptionStatus)row.GetInt32(2),
                NotAfterMs = row.GetInt64(3),
                ClaimUntilMs = row.GetInt64(4),
                CancellationPending = row.GetBoolean(5),
            },
            query.LedgerTimeMs);
        return (query.Status == PrescriptionStatus.Unspecified || query.Status == status)
            && (query.Holder.Length == 0 || status == PrescriptionStatus.Claimed);
    }
}
