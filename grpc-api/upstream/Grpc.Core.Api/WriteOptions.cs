namespace Grpc.Core;

/// <summary>How one message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait in a buffer for the next.</summary>
    BufferHint = 0x1,

    /// <summary>The message is not compressed, though the call is.</summary>
    NoCompress = 0x2,
}

/// <summary>How messages of a call are written.</summary>
/// <param name="flags">The flags.</param>
public class WriteOptions(WriteFlags flags = default)
{
    /// <summary>No flags.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; } = flags;
}
