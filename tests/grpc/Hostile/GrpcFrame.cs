using System.Buffers.Binary;

namespace RxChain.Grpc.Tests.Hostile;

/// <summary>A message with its five-byte prefix: flag, length.</summary>
public static class GrpcFrame
{
    private const int PrefixLength = 5;

    public static byte[] Encode(ReadOnlySpan<byte> message, byte flag = 0) => Encode(message, flag, (uint)message.Length);

    /// <summary>A message whose prefix states a length that need not be its own.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> message, byte flag, uint statedLength)
    {
        var frame = new byte[PrefixLength + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), statedLength);
        message.CopyTo(frame.AsSpan(PrefixLength));
        return frame;
    }
}
