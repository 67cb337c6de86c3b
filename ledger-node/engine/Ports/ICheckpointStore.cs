using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Ports;

/// <summary>Keeps final checkpoints: the last one, for a restart and for auditors of the data directory, and the one that ended each era.</summary>
public interface ICheckpointStore
{
    /// <summary>The last one saved, or null.</summary>
    SignedCheckpoint? Read();

    /// <summary>Replaces it, whole or not at all.</summary>
    void Save(SignedCheckpoint checkpoint);

    /// <summary>The checkpoint that ended an era (1 and up), or null when that era has not ended or its end is not known here.</summary>
    SignedCheckpoint? ReadEraEnd(uint era);

    /// <summary>Keeps the checkpoint that ended an era, for good; durable when this returns.</summary>
    void SaveEraEnd(uint era, SignedCheckpoint checkpoint);
}
