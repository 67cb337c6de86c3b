using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Ports;

/// <summary>Keeps the last published final checkpoint, for a restart and for auditors of the data directory.</summary>
public interface ICheckpointStore
{
    /// <summary>The last one saved, or null.</summary>
    SignedCheckpoint? Read();

    /// <summary>Replaces it, whole or not at all.</summary>
    void Save(SignedCheckpoint checkpoint);
}
