using System.Globalization;
using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;

namespace RxChain.Storage;

/// <summary>Opens connections to the state database, and checks or creates its tables.</summary>
internal static class SqliteSchema
{
    /// <summary>Stands in the file's header (offset 68): ASCII "RxSt".</summary>
    private const int ApplicationId = 0x52785374;

    private const int Version = 1;
    private const int BusyTimeoutSeconds = 2;

    /// <summary>Bytes of pages that each connection may keep. The file is not mapped: a mapping grows with it, and each connection's counts.</summary>
    private const int CacheBytes = 16 << 20;

    private const string Tables = """
        CREATE TABLE bucket(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE applied(id INTEGER PRIMARY KEY CHECK (id = 0), size INTEGER NOT NULL, root BLOB NOT NULL);
        INSERT INTO applied VALUES (0, 0, zeroblob(32));
        """;

    /// <summary>Opens one more connection. The file is created when there is none.</summary>
    public static SqliteConnection Connect(string path)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = BusyTimeoutSeconds,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, string.Create(CultureInfo.InvariantCulture,
                $"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -{CacheBytes / 1024};"));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Creates the tables of an empty database; throws <see cref="CorruptStateException"/> when they are another program's or version's.</summary>
    public static void Ensure(SqliteConnection connection)
    {
        long application = Number(connection, "PRAGMA application_id"), version = Number(connection, "PRAGMA user_version");
        if (application == ApplicationId && version == Version)
            return;
        if (Number(connection, "SELECT count(*) FROM sqlite_master") != 0)
        {
            throw new CorruptStateException(
                $"{connection.DataSource} has schema version {version}, this program needs {Version}. It is a cache of the log and is rebuilt from it.");
        }
        Execute(connection, string.Create(CultureInfo.InvariantCulture,
            $"BEGIN IMMEDIATE; {Tables} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; COMMIT;"));
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
