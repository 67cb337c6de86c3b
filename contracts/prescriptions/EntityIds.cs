using System.Buffers.Binary;

namespace RxChain.Prescriptions;

/// <summary>Ids of entries of the state that no event names.</summary>
public static class EntityIds
{
    /// <summary>Id of the one entry of kind POLICY.</summary>
    public static ReadOnlySpan<byte> Policy => "policy"u8;

    /// <summary>Id of the one entry of kind NETWORK.</summary>
    public static ReadOnlySpan<byte> Network => "network"u8;

    /// <summary>Id of an era's entry of kind VALIDATORS: its number, u32 big-endian.</summary>
    public static byte[] Era(uint number)
    {
        byte[] id = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(id, number);
        return id;
    }
}
