using System.Globalization;
using RxChain.Engine.Ports;
using RxChain.Ledger.Tlog;

namespace RxChain.Storage;

/// <summary>
/// Published checkpoints as C2SP signed notes, each in a file of its own, replaced by a rename: <c>checkpoint</c>, the last
/// one, and <c>eras/N</c>, the one that ended era N.
/// </summary>
public sealed class CheckpointFile(DataDirectory directory) : ICheckpointStore
{
    private readonly string _path = Path.Combine(directory.Root, "checkpoint");
    private readonly string _eras = Path.Combine(directory.Root, "eras");

    /// <inheritdoc/>
    /// <exception cref="CorruptLogException">The file is no signed checkpoint.</exception>
    public SignedCheckpoint? Read() => Read(_path);

    /// <inheritdoc/>
    public void Save(SignedCheckpoint checkpoint) => Save(_path, checkpoint);

    /// <inheritdoc/>
    /// <exception cref="CorruptLogException">The file is no signed checkpoint.</exception>
    public SignedCheckpoint? ReadEraEnd(uint era) => Read(EraFile(era));

    /// <inheritdoc/>
    public void SaveEraEnd(uint era, SignedCheckpoint checkpoint)
    {
        FileDisk.Instance.CreateDirectory(_eras);
        Save(EraFile(era), checkpoint);
        FileDisk.Instance.SyncDirectory(_eras);
    }

    private string EraFile(uint era) => Path.Combine(_eras, era.ToString(CultureInfo.InvariantCulture));

    private static SignedCheckpoint? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        return SignedCheckpoint.TryParse(File.ReadAllBytes(path), out var checkpoint, out string? error)
            ? checkpoint
            : throw new CorruptLogException($"{path}: {error}. Delete it: peers show it again.");
    }

    private static void Save(string path, SignedCheckpoint checkpoint)
    {
        string unfinished = path + ".new";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(checkpoint.ToBytes());
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }
}
