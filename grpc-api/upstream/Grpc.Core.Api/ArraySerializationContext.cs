using System.Buffers;

namespace Grpc.Core;

/// <summary>Collects one message in an array.</summary>
internal sealed class ArraySerializationContext : SerializationContext
{
    private ArrayBufferWriter<byte>? _writer;
    private int _lengthHint;
    private byte[]? _payload;

    /// <summary>The message.</summary>
    /// <exception cref="InvalidOperationException">The serialiser never ended it.</exception>
    public byte[] Payload =>
        _payload ?? throw new InvalidOperationException("The serialiser did not complete the message.");

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        CheckOpen();
        _payload = payload;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        CheckOpen();
        return _writer ??= _lengthHint > 0 ? new ArrayBufferWriter<byte>(_lengthHint) : new ArrayBufferWriter<byte>();
    }

    public override void SetPayloadLength(int payloadLength) => _lengthHint = payloadLength;

    public override void Complete()
    {
        CheckOpen();
        _payload = _writer is null ? [] : _writer.WrittenSpan.ToArray();
    }

    private void CheckOpen()
    {
        if (_payload is not null)
            throw new InvalidOperationException("The message is already complete.");
    }
}

/// <summary>Gives one message from an array, once.</summary>
internal sealed class ArrayDeserializationContext : DeserializationContext
{
    private byte[]? _payload;

    public ArrayDeserializationContext(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        _payload = payload;
        PayloadLength = payload.Length;
    }

    public override int PayloadLength { get; }

    public override byte[] PayloadAsNewBuffer()
    {
        var payload = _payload ?? throw new InvalidOperationException("The message was already taken.");
        _payload = null;
        return payload;
    }

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(PayloadAsNewBuffer());
}
