using RxChain.Engine.Core;
using RxChain.Ledger.Evidence;

namespace RxChain.Engine.Ports;

/// <summary>
/// Keeps what a validator knows about the others' signatures: the largest cosigned head of each cosigner key, equivocation
/// proofs, and why this node halted. Thread-safe. A member throws <see cref="IOException"/> when the disk refuses.
/// </summary>
public interface ICosignatureStore
{
    /// <summary>The largest cosigned head of each key, by sender and key id.</summary>
    IReadOnlyList<HeadCosigned> ReadCosignatures();

    /// <summary>Keeps these instead of the same keys' former ones, all or none. A power loss may undo it.</summary>
    void Save(IReadOnlyCollection<HeadCosigned> cosignatures);

    /// <summary>All equivocation proofs, oldest first.</summary>
    IReadOnlyList<EquivocationProof> ReadEvidence();

    /// <summary>Keeps a proof for good; durable when this returns.</summary>
    void Add(EquivocationProof proof);

    /// <summary>The halt that lasts, or null.</summary>
    Halt? ReadHalt();

    /// <summary>Keeps a halt; durable when this returns.</summary>
    void Save(Halt halt);
}
