using System.Buffers;
using Grpc.Core;

namespace RxChain.Grpc.Tests.Upstream;

[Collection(UpstreamSuite.Name)]
public sealed class MarshallerTests
{
    [Fact]
    public void Arrays_ThroughContext_AreTheSame()
    {
        var marshaller = new Marshaller<byte[]>(bytes => bytes, bytes => bytes);
        var viaArrays = new Marshaller<byte[]>(marshaller.ContextualSerializer, marshaller.ContextualDeserializer);

        Assert.Equal([1, 2], viaArrays.Serializer([1, 2]));
        Assert.Equal([1, 2], viaArrays.Deserializer([1, 2]));
    }

    [Fact]
    public void Context_WriterAndSequence_ThroughArrays()
    {
        var marshaller = Marshallers.Create<byte[]>(
            (bytes, context) =>
            {
                context.SetPayloadLength(bytes.Length);
                context.GetBufferWriter().Write(bytes);
                context.Complete();
            },
            context =>
            {
                Assert.Equal(2, context.PayloadLength);
                return context.PayloadAsReadOnlySequence().ToArray();
            });

        Assert.Equal([1, 2], marshaller.Serializer([1, 2]));
        Assert.Equal([1, 2], marshaller.Deserializer([1, 2]));
    }

    [Fact]
    public void Context_NotCompletedOrTwice_Throws()
    {
        var never = Marshallers.Create<string>((_, _) => { }, _ => "");
        var twice = Marshallers.Create<string>((_, context) => { context.Complete(); context.Complete([]); }, _ => "");

        Assert.Throws<InvalidOperationException>(() => never.Serializer(""));
        Assert.Throws<InvalidOperationException>(() => twice.Serializer(""));
    }

    [Fact]
    public void Context_PayloadTakenTwice_Throws()
    {
        var marshaller = Marshallers.Create<byte[]>(
            (_, context) => context.Complete(),
            context =>
            {
                context.PayloadAsNewBuffer();
                return context.PayloadAsNewBuffer();
            });

        Assert.Empty(marshaller.Serializer([]));
        Assert.Throws<InvalidOperationException>(() => marshaller.Deserializer([1]));
    }

    [Fact]
    public void StringMarshaller_Text_IsUtf8()
    {
        var bytes = Marshallers.StringMarshaller.Serializer("é");

        Assert.Equal("é"u8.ToArray(), bytes);
        Assert.Equal("é", Marshallers.StringMarshaller.Deserializer(bytes));
    }
}
