using RxChain.Engine.Ports;
using RxChain.Ledger.Tlog;

namespace RxChain.Storage;

/// <summary>The last published checkpoint, as a C2SP signed note in a file of its own, replaced by a rename.</summary>
public sealed class CheckpointFile(DataDirectory directory) : ICheckpointStore
{
    private readonly string _path = Path.Combine(directory.Root, "checkpoint");

    /// <inheritdoc/>
    /// <exception cref="CorruptLogException">The file is no signed checkpoint.</exception>
    public SignedCheckpoint? Read()
    {
        if (!File.Exists(_path))
            return null;
        return SignedCheckpoint.TryParse(File.ReadAllBytes(_path), out var checkpoint, out string? error)
            ? checkpoint
            : throw new CorruptLogException($"{_path}: {error}. Delete it: the node publishes a new one.");
    }

    /// <inheritdoc/>
    public void Save(SignedCheckpoint checkpoint)
    {
        string unfinished = _path + ".new";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(checkpoint.ToBytes());
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, _path, overwrite: true);
    }
}
