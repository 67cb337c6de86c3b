using System.Globalization;
using RxChain.Engine.Ports;
using RxChain.Ledger;

namespace RxChain.Storage;

/// <summary>
/// What a validator has promised for a new epoch: having stated its last cosigned head, it cosigns nothing before that epoch
/// (docs/FORMAT.md, section 5.6); having signed a record, it signs no other. Kept in a file of the data directory, durable
/// before the word is given.
/// </summary>
/// <param name="Epoch">The epoch that is to begin.</param>
/// <param name="Record">Hash of the record that was signed for it; null: none yet.</param>
public sealed record RecoveryPromise(ulong Epoch, Hash32? Record)
{
    private const string Name = "recovery";

    /// <summary>The promise of a data directory, or null.</summary>
    /// <exception cref="CorruptLogException">The file cannot be read as one.</exception>
    public static RecoveryPromise? Read(string root)
    {
        string path = Path.Combine(root, Name);
        if (!File.Exists(path))
            return null;
        string[] words = File.ReadAllText(path).TrimEnd('\n').Split(' ');
        if (words.Length == 2 && ulong.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong epoch))
        {
            if (words[1] == "none")
                return new RecoveryPromise(epoch, null);
            if (Hash32.TryParse(words[1], out var record))
                return new RecoveryPromise(epoch, record);
        }
        throw new CorruptLogException($"{path}: is not \"EPOCH none\" or \"EPOCH HASH\". Without it this node could break its word: put it right by hand, or give the validator new keys by vote.");
    }

    /// <summary>Makes the promise durable.</summary>
    public void Save(string root)
    {
        string path = Path.Combine(root, Name), unfinished = path + ".new";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Epoch} {Record?.ToString() ?? "none"}\n")));
            file.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
        FileDisk.Instance.SyncDirectory(root);
    }
}
