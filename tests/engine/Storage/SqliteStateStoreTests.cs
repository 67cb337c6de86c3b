using Microsoft.Data.Sqlite;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

public sealed class SqliteStateStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string DatabasePath => _directory["state.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Commit_WritesRowsAndMark_AndReopenReadsThem()
    {
        using (var store = SqliteStateStore.Open(DatabasePath))
        {
            Assert.Equal(default, store.Applied);
            store.Commit([new(7, [1]), new(3, [2, 3]), new(uint.MaxValue, [])], Mark(10));
            store.Commit([new(7, null), new(3, [4]), new(8, null)], Mark(20));
        }
        using var reopened = SqliteStateStore.Open(DatabasePath);
        Assert.Null(reopened.ResetReason);
        Assert.Equal(Mark(20), reopened.Applied);
        Assert.Null(reopened.ReadBucket(7));
        Assert.Equal([4], reopened.ReadBucket(3)!);
        Assert.Equal([(3u, 1), (uint.MaxValue, 0)], reopened.ReadAll().Select(r => (r.Bucket, r.Bytes.Length)));
        reopened.Reset();
        Assert.Equal(default, reopened.Applied);
        Assert.Empty(reopened.ReadAll());
    }

    [Fact]
    public void Open_AfterDeletion_IsEmpty()
    {
        using (var store = SqliteStateStore.Open(DatabasePath))
            store.Commit([new(1, [1])], Mark(5));
        File.Delete(DatabasePath);
        using var reopened = SqliteStateStore.Open(DatabasePath);
        Assert.Equal(default, reopened.Applied);
        Assert.Null(reopened.ReadBucket(1));
    }

    [Fact]
    public void Open_ForeignFile_ResetsWithAReason()
    {
        File.WriteAllText(DatabasePath, new string('x', 5000));
        using var store = SqliteStateStore.Open(DatabasePath);
        Assert.Contains("rebuilt", store.ResetReason, StringComparison.Ordinal);
        store.Commit([new(1, [1])], Mark(5));
        Assert.Equal([1], store.ReadBucket(1)!);
    }

    [Fact]
    public void Open_OtherSchemaVersion_ResetsWithAReason()
    {
        SqliteStateStore.Open(DatabasePath).Dispose();
        Execute("PRAGMA user_version = 99");
        using var store = SqliteStateStore.Open(DatabasePath);
        Assert.Contains("version 99", store.ResetReason, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedPages_ThrowCorruptState_AndResetMends()
    {
        using (var store = SqliteStateStore.Open(DatabasePath))
            store.Commit([.. Enumerable.Range(0, 2000).Select(i => new BucketWrite((uint)i, new byte[500]))], Mark(5));
        using (var file = File.OpenWrite(DatabasePath))
        {
            file.Position = 8 * 4096;
            file.Write(Enumerable.Repeat((byte)0xAB, 150 * 4096).ToArray());
        }
        using var damaged = SqliteStateStore.Open(DatabasePath);
        Assert.Throws<CorruptStateException>(() => damaged.ReadAll().Count());
        damaged.Reset();
        damaged.Commit([new(1, [1])], Mark(6));
        Assert.Equal(Mark(6), damaged.Applied);
        Assert.Single(damaged.ReadAll());
    }

    [Fact]
    public void LockedByAnother_IsAnIOException()
    {
        using var store = SqliteStateStore.Open(DatabasePath);
        using var other = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        other.Open();
        using var transaction = other.BeginTransaction(deferred: false);
        var e = Assert.Throws<IOException>(() => store.Commit([], Mark(1)));
        Assert.Contains("locked", e.Message, StringComparison.Ordinal);
        Assert.Equal(default, store.Applied);
    }

    [Fact]
    public async Task Reads_WhileCommitting_SeeEitherSide()
    {
        using var store = SqliteStateStore.Open(DatabasePath);
        store.Commit([new(0, [0]), new(1, [0])], Mark(1));
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            int last = 0, reads = 0;
            do
            {
                int now = store.ReadBucket(0)![0];
                Assert.True(now >= last);
                Assert.Single(store.ReadAll().Select(r => r.Bytes[0]).Distinct());
                (last, reads) = (now, reads + 1);
            }
            while (!done.IsCancellationRequested);
            return reads;
        });
        for (byte i = 1; i < 200; i++)
            store.Commit([new(0, [i]), new(1, [i])], Mark(i));
        await done.CancelAsync();
        Assert.True(await reader > 0);
    }

    private static AppliedMark Mark(long size) => new(size, Hash32.Sha256([(byte)size]));

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
