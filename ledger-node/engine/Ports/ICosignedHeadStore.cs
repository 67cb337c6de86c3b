using RxChain.Ledger;

namespace RxChain.Engine.Ports;

/// <summary>The largest head that this node's cosigner key ever signed.</summary>
public readonly record struct CosignedHead(long Size, Hash32 Root);

/// <summary>Keeps the last cosigned head, durable before a signature leaves the node.</summary>
public interface ICosignedHeadStore
{
    /// <summary>The last head saved; size 0 when none was.</summary>
    CosignedHead Read();

    /// <summary>Returns when the head is durable. Throws <see cref="IOException"/> when it cannot be made so: the process must end.</summary>
    void Save(CosignedHead head);
}
