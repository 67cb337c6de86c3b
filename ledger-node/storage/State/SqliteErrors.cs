using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;

namespace RxChain.Storage;

/// <summary>Tells a damaged database, which is rebuilt, from one that cannot be used now.</summary>
internal static class SqliteErrors
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int Busy = 5;
    private const int Locked = 6;

    /// <summary>Runs an action on the database at <paramref name="path"/>, and puts its errors in the store's terms.</summary>
    public static T Translate<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw Translate(path, e);
        }
    }

    public static Exception Translate(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        Corrupt or NotADatabase => new CorruptStateException($"{path} is damaged ({error.Message}). It is a cache of the log and is rebuilt from it.", error),
        Busy or Locked => new IOException($"{path} is locked by another process. Stop that process; nothing but this node may open the database.", error),
        _ => new IOException($"{path}: {error.Message}", error),
    };
}
