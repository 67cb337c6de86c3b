using RxChain.Prescriptions.State;

namespace RxChain.Ledger.StateMaps;

/// <summary>Key of an entry of the state map: SHA-256(kind u8, id).</summary>
public static class StateKey
{
    private const int MaxIdBytes = 128;

    /// <summary>The key of the entry of this kind and id (at most 128 bytes).</summary>
    public static Hash32 Of(EntityKind kind, ReadOnlySpan<byte> id)
    {
        if (id.Length > MaxIdBytes)
            throw new ArgumentException($"An id is at most {MaxIdBytes} bytes.", nameof(id));
        Span<byte> buffer = stackalloc byte[1 + MaxIdBytes];
        buffer[0] = (byte)kind;
        id.CopyTo(buffer[1..]);
        return Hash32.Sha256(buffer[..(1 + id.Length)]);
    }
}
