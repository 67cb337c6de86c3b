namespace RxChain.Interop;

/// <summary>What opens a commitment: kept in a vault, never on the ledger. Without the salt the commitment says
/// nothing, so that erasing both erases the content.</summary>
/// <param name="Domain">One of the domains of <see cref="RxChain.Interop.Commitment"/>.</param>
/// <param name="Salt">32 bytes.</param>
/// <param name="Content">The bytes committed to, exactly as hashed.</param>
public sealed record CommittedContent(string Domain, ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> Content)
{
    /// <summary>Computes the commitment, 32 bytes.</summary>
    public byte[] Commit() => Commitment.Compute(Domain, Salt.Span, Content.Span);
}
