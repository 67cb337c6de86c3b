using System.Buffers;

namespace Grpc.Core;

/// <summary>Takes one serialised message: either whole, or through a buffer writer.</summary>
public abstract class SerializationContext
{
    /// <summary>Gives the whole message and ends it.</summary>
    /// <param name="payload">Not changed afterwards.</param>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>The writer of the message.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Says how long the message will be, in bytes; before <see cref="GetBufferWriter"/>.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>Ends the message that was written with the writer.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}
