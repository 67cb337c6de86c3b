namespace Grpc.Core;

/// <summary>Turns messages into bytes and back. Either form of it works through the other's functions.</summary>
/// <typeparam name="T">The message.</typeparam>
public class Marshaller<T>
{
    /// <summary>A marshaller of arrays.</summary>
    /// <exception cref="ArgumentNullException">Either is null.</exception>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        Serializer = serializer;
        Deserializer = deserializer;
        ContextualSerializer = (message, context) => context.Complete(serializer(message));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    /// <summary>A marshaller that reads and writes the transport's buffers.</summary>
    /// <exception cref="ArgumentNullException">Either is null.</exception>
    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        ContextualSerializer = serializer;
        ContextualDeserializer = deserializer;
        Serializer = message =>
        {
            var context = new ArraySerializationContext();
            serializer(message, context);
            return context.Payload;
        };
        Deserializer = payload => deserializer(new ArrayDeserializationContext(payload));
    }

    /// <summary>A message as bytes.</summary>
    public Func<T, byte[]> Serializer { get; }

    /// <summary>Bytes as a message.</summary>
    public Func<byte[], T> Deserializer { get; }

    /// <summary>A message into the transport's buffer.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>The transport's buffer as a message.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }
}
