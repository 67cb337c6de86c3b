using RxChain.Ledger.Leaves;

namespace RxChain.Node.Configuration;

/// <summary>The genesis leaf in a file of its own; the same for all members.</summary>
public static class GenesisFile
{
    /// <summary>Reads and checks it.</summary>
    /// <exception cref="InvalidDataException">It is no genesis; the message says what is wrong.</exception>
    public static GenesisLeaf Read(string path) =>
        GenesisLeaf.TryParse(File.ReadAllBytes(path), out var genesis, out string error)
            ? genesis : throw new InvalidDataException($"{path}: {error}.");
}
