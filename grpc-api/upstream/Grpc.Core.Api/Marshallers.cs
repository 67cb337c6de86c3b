using System.Text;

namespace Grpc.Core;

/// <summary>Makes marshallers.</summary>
public static class Marshallers
{
    /// <summary>Text in UTF-8.</summary>
    public static Marshaller<string> StringMarshaller =>
        new(Encoding.UTF8.GetBytes, bytes => Encoding.UTF8.GetString(bytes));

    /// <summary>A marshaller of arrays.</summary>
    public static Marshaller<T> Create<T>(Func<T, byte[]> serializer, Func<byte[], T> deserializer) =>
        new(serializer, deserializer);

    /// <summary>A marshaller that reads and writes the transport's buffers.</summary>
    public static Marshaller<T> Create<T>(
        Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer) =>
        new(serializer, deserializer);
}
