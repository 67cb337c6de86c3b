using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RxChain.Grpc.Tests.Hostile;

/// <summary>Frame types of HTTP/2 (RFC 9113, section 6).</summary>
public enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>A frame as it came.</summary>
public sealed record Frame(FrameType Type, byte Flags, int StreamId, byte[] Payload);

/// <summary>A socket that speaks HTTP/2 as badly as a test wants.</summary>
public sealed class Http2Connection : IDisposable
{
    public const byte EndStream = 0x1;
    public const byte EndHeaders = 0x4;

    private const int FrameHeaderLength = 9;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private Http2Connection(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <summary>The connection preface with empty settings (RFC 9113, section 3.4).</summary>
    public static byte[] Preface { get; } =
        [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Encode(FrameType.Settings, 0, 0, [])];

    public static async Task<Http2Connection> Open(int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        return new Http2Connection(client);
    }

    public static byte[] Encode(FrameType type, byte flags, int streamId, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeaderLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | (byte)type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
        payload.CopyTo(frame.AsSpan(FrameHeaderLength));
        return frame;
    }

    /// <summary>The request headers of a gRPC call as literals (RFC 7541, section 6.2.2).</summary>
    public static byte[] CallHeaders(string method) =>
    [
        .. Literal(":method", "POST"),
        .. Literal(":scheme", "http"),
        .. Literal(":path", $"/rxchain.test.v1.Echo/{method}"),
        .. Literal(":authority", "localhost"),
        .. Literal("content-type", "application/grpc"),
        .. Literal("te", "trailers"),
    ];

    /// <summary>A call with one request, as frames.</summary>
    public static byte[] Call(int streamId, string method, ReadOnlySpan<byte> message) =>
    [
        .. Encode(FrameType.Headers, EndHeaders, streamId, CallHeaders(method)),
        .. Encode(FrameType.Data, EndStream, streamId, GrpcFrame.Encode(message)),
    ];

    public static byte[] Reset(int streamId) => Encode(FrameType.ResetStream, 0, streamId, [0, 0, 0, 8]);

    /// <summary>Sends bytes; false when the server closed the connection.</summary>
    public async Task<bool> TrySend(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes).AsTask().WaitAsync(s_patience);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends bytes for as long as the server takes them, at most so long.</summary>
    public async Task SendUntilStuck(ReadOnlyMemory<byte> bytes, TimeSpan longest)
    {
        using var cancellation = new CancellationTokenSource(longest);
        try
        {
            await _stream.WriteAsync(bytes, cancellation.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Either is a server that protects itself.
        }
    }

    /// <summary>All frames until the server closes the connection.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public async Task<List<Frame>> ReadToEnd()
    {
        var frames = new List<Frame>();
        while (await TryRead().WaitAsync(s_patience) is { } frame)
            frames.Add(frame);
        return frames;
    }

    /// <summary>Reads until so many frames of a type have come.</summary>
    /// <exception cref="TimeoutException">They do not come.</exception>
    public async Task ReadUntil(int count, FrameType type)
    {
        while (count > 0)
        {
            var frame = await TryRead().WaitAsync(s_patience) ?? throw new IOException("The server closed the connection.");
            count -= frame.Type == type ? 1 : 0;
        }
    }

    public void Dispose()
    {
        _client.LingerState = new LingerOption(true, 0);
        _client.Dispose();
    }

    private async Task<Frame?> TryRead()
    {
        try
        {
            var header = new byte[FrameHeaderLength];
            await _stream.ReadExactlyAsync(header);
            var payload = new byte[(BinaryPrimitives.ReadInt32BigEndian(header) >> 8) & 0xffffff];
            await _stream.ReadExactlyAsync(payload);
            var streamId = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5));
            return new Frame((FrameType)header[3], header[4], streamId, payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static byte[] Literal(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
