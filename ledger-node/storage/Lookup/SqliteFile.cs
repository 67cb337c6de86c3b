using System.Globalization;
using Microsoft.Data.Sqlite;

namespace RxChain.Storage;

/// <summary>Opens one of the node's own SQLite files and runs commands on it.</summary>
internal static class SqliteFile
{
    /// <summary>SQLite error: the file is damaged.</summary>
    public const int Corrupt = 11;

    /// <summary>SQLite error: the file is not a database.</summary>
    public const int NotADatabase = 26;

    private const int BusyTimeoutSeconds = 2;

    /// <summary>Opens a connection in WAL mode, creating the file when there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="synchronous">NORMAL: a power loss may lose the last commits. FULL: a commit survives it.</param>
    public static SqliteConnection Connect(string path, string synchronous)
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
            Execute(connection, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Creates the tables of an empty file. False when the file has tables of another version.</summary>
    public static bool TryEnsure(SqliteConnection connection, int version, string tables)
    {
        if (Number(connection, "PRAGMA user_version") == version)
            return true;
        if (Number(connection, "SELECT count(*) FROM sqlite_master") != 0)
            return false;
        Execute(connection, string.Create(CultureInfo.InvariantCulture,
            $"BEGIN IMMEDIATE; {tables} PRAGMA user_version = {version}; COMMIT;"));
        return true;
    }

    /// <summary>A command with positional parameters: ?1, ?2, …</summary>
    public static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i + 1}", Value = values[i] });
        return command;
    }

    /// <summary>Runs a command for its effect.</summary>
    public static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a command again with other values: it stays prepared.</summary>
    public static void Repeat(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    /// <summary>A command whose <paramref name="parameters"/> get their values later: see <see cref="Repeat"/>.</summary>
    public static SqliteCommand CommandOf(SqliteConnection connection, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
        return command;
    }

    /// <summary>Deletes a closed file and what SQLite keeps beside it.</summary>
    public static void Delete(string path)
    {
        foreach (string suffix in new[] { "", "-wal", "-shm" })
            File.Delete(path + suffix);
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        return (long)command.ExecuteScalar()!;
    }
}
