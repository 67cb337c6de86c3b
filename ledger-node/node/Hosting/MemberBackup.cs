using RxChain.Ledger.Tlog;
using RxChain.Node.Commands;
using RxChain.Node.Configuration;
using RxChain.Storage;

namespace RxChain.Node.Hosting;

/// <summary>
/// A backup of a member: everything a node starts with, but no key and not the last cosigned head. Its layout is that of a
/// data directory: <c>log/</c>, <c>rxnode.json</c>, <c>genesis.rx</c>, <c>card.rx</c>, <c>requests.db</c>, <c>checkpoint</c> and
/// <c>eras/</c>, so that it can be audited where it lies, and leads others through the eras once it is restored. Caches of the log are not in it.
/// </summary>
internal static class MemberBackup
{
    private const string Genesis = "genesis.rx";
    private const string Checkpoint = "checkpoint";
    private const string Eras = "eras";
    private const string Card = "card.rx";
    private const string RequestIds = "requests.db";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // What a data directory may hold already when a backup is restored into it.
    private static readonly string[] NotOfTheLedger = ["keys", "lock", "pid"];

    /// <summary>Backs a data directory up, also while its node runs. Returns the number of leaves.</summary>
    /// <exception cref="IOException">The target is not empty, or a disk refused.</exception>
    /// <exception cref="InvalidDataException">The configuration or the genesis is not one that a node starts with.</exception>
    public static long Make(string data, string target)
    {
        var config = NodeConfig.TryRead(data, _ => null, out var faults) ?? throw new InvalidDataException(faults[0]);
        string genesis = Path.Combine(data, config.Genesis);
        if (GenesisFile.Read(genesis).Origin != config.Network)
            throw new InvalidDataException($"{genesis}: is not of network {config.Network}, which the configuration names.");
        if (!OperatingSystem.IsWindows() && !Directory.Exists(target))
            Directory.CreateDirectory(target, OwnerOnly);
        // Before the log, which then covers them.
        var checkpoints = CheckpointNames(data).Select(name => (Name: name, Bytes: ReadIfThere(data, name))).ToArray();
        long leaves = LogBackup.Copy(data, target);
        foreach (var (name, bytes) in checkpoints)
        {
            if (bytes is not null && SignedCheckpoint.TryParse(bytes, out var signed, out _) && signed.Checkpoint.Size <= leaves)
                Write(target, name, bytes);
        }
        NewFiles.Write(Path.Combine(target, Genesis), File.ReadAllBytes(genesis));
        if (ReadIfThere(data, Card) is { } card)
            NewFiles.Write(Path.Combine(target, Card), card);
        // After the log: an id may stand for an event that is not in the copy, but no event of the copy has lost its id.
        CopyRequestIds(data, target);
        NewFiles.Write(Path.Combine(target, NodeConfig.FileName), (config with { Genesis = Genesis }).ToBytes());
        return leaves;
    }

    /// <summary>Restores a backup into a data directory that holds keys at most. Returns the number of leaves.</summary>
    /// <exception cref="IOException">The backup is not complete, the directory holds something, or a disk refused.</exception>
    public static long Restore(string backup, string data)
    {
        foreach (string name in new[] { NodeConfig.FileName, Genesis })
        {
            if (!File.Exists(Path.Combine(backup, name)))
                throw new IOException($"{Path.Combine(backup, name)} does not exist: this is no backup, or one that was not completed.");
        }
        NewFiles.RequireNone("Restore into a new data directory.", Directory.Exists(data)
            ? Directory.EnumerateFileSystemEntries(data).Where(path => !NotOfTheLedger.Contains(Path.GetFileName(path))).Order(StringComparer.Ordinal) : []);
        using var directory = DataDirectory.Open(data);
        long leaves = LogBackup.Restore(backup, directory);
        foreach (string name in (string[])[.. CheckpointNames(backup), Genesis, Card, NodeConfig.FileName])
        {
            if (ReadIfThere(backup, name) is { } bytes)
                Write(directory.Root, name, bytes);
        }
        CopyRequestIds(backup, directory.Root);
        return leaves;
    }

    // The last published one, and the one that ended each era. What a node is about to rename into place is not among them.
    private static IEnumerable<string> CheckpointNames(string root) =>
        Path.Combine(root, Eras) is var eras && Directory.Exists(eras)
            ? [Checkpoint, .. Directory.EnumerateFiles(eras).Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit)).Select(name => Path.Combine(Eras, name!))]
            : [Checkpoint];

    private static void Write(string root, string name, byte[] bytes)
    {
        string path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        NewFiles.Write(path, bytes);
    }

    private static byte[]? ReadIfThere(string root, string name) =>
        Path.Combine(root, name) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    private static void CopyRequestIds(string from, string to)
    {
        if (File.Exists(Path.Combine(from, RequestIds)))
            SqliteRequestIds.Copy(Path.Combine(from, RequestIds), Path.Combine(to, RequestIds));
    }
}
