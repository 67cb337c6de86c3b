using Google.Protobuf;
using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Storage;

/// <summary>What ended by itself, under the seals where it did.</summary>
internal static class LookupNotices
{
    public static void Add(SqliteConnection connection, IReadOnlyList<LookupNotice> notices)
    {
        if (notices.Count == 0)
            return;
        using var command = SqliteFile.CommandOf(
            connection, "INSERT OR IGNORE INTO notice VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", 10);
        foreach (var (seal, place, prescriptionId, issuer, lapse) in notices)
        {
            SqliteFile.Repeat(
                command, seal, (long)place, prescriptionId.ToArray(), issuer, (long)lapse.Kind, lapse.MomentMs, (long)lapse.Status,
                lapse.Organisation, lapse.DisputeId.ToByteArray(), (long)lapse.PurposeCode);
        }
    }

    public static IReadOnlyList<LookupNotice> Read(SqliteConnection connection, long sealLeaf, int fromPlace, int limit)
    {
        using var command = SqliteFile.Command(
            connection,
            "SELECT place, prescription, issuer, kind, moment, status, organisation, dispute, purpose FROM notice "
            + "WHERE seal = ?1 AND place >= ?2 ORDER BY place LIMIT ?3",
            sealLeaf, (long)fromPlace, (long)limit);
        using var row = command.ExecuteReader();
        var notices = new List<LookupNotice>();
        while (row.Read())
        {
            var lapse = new Lapse((LapseKind)row.GetInt32(3), row.GetInt64(4), (PrescriptionStatus)row.GetInt32(5), row.GetString(6))
            {
                DisputeId = UnsafeByteOperations.UnsafeWrap(row.GetFieldValue<byte[]>(7)),
                PurposeCode = (uint)row.GetInt64(8),
            };
            notices.Add(new LookupNotice(sealLeaf, row.GetInt32(0), row.GetFieldValue<byte[]>(1), row.GetString(2), lapse));
        }
        return notices;
    }
}
