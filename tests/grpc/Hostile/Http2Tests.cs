using Google.Protobuf;
using RxChain.Grpc.EchoServer;
using static RxChain.Grpc.Tests.Hostile.Http2Connection;

namespace RxChain.Grpc.Tests.Hostile;

/// <summary>Unsound HTTP/2, and sound HTTP/2 that means harm.</summary>
[Collection(HostileCollection.Name)]
public sealed class Http2Tests(HostileSuite suite)
{
    private const int Seed = 20251121;
    private const int FrameSizeError = 6;

    private static readonly TimeSpan s_attackTime = TimeSpan.FromSeconds(1);

    // Kestrel waits for what may yet become a line of HTTP/1; hence the length of the last.
    public static TheoryData<byte[]> Garbage =>
    [
        [.. "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8],
        [.. "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"u8],
        [0x16, 3, 1, .. new byte[16_000]],
    ];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_InsteadOfPreface_ClosesTheConnection(byte[] garbage)
    {
        using var connection = await Open(suite.Port);

        await connection.TrySend(garbage);
        await connection.ReadToEnd();

        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Conversation_CutAnywhere_LeavesTheServerServing()
    {
        byte[] conversation = [.. Preface, .. Call(1, "Unary", new EchoRequest { ReplyBytes = 9 }.ToByteArray())];
        for (var length = 1; length < conversation.Length; length++)
        {
            using var connection = await Open(suite.Port);
            await connection.TrySend(conversation.AsMemory(0, length));
        }

        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Frame_LargerThanAllowed_ClosesTheConnection()
    {
        using var connection = await Open(suite.Port);

        await connection.TrySend(Preface);
        await connection.TrySend(Encode(FrameType.Headers, EndHeaders, 1, new byte[1 << 20]));
        var last = (await connection.ReadToEnd()).Last();

        Assert.Equal((FrameType.GoAway, FrameSizeError), (last.Type, last.Payload[7]));
        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Headers_WithoutEnd_CloseTheConnection()
    {
        var block = new byte[16_000];
        using var connection = await Open(suite.Port);

        await connection.TrySend(Preface);
        var isOpen = await connection.TrySend(Encode(FrameType.Headers, 0, 1, CallHeaders("Unary")));
        for (var i = 0; isOpen && i < 10_000; i++)
            isOpen = await connection.TrySend(Encode(FrameType.Continuation, 0, 1, block));

        Assert.False(isOpen);
        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Frames_AtRandom_LeaveTheServerServing()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 300; i++)
        {
            using var connection = await Open(suite.Port);
            var isOpen = await connection.TrySend(Preface);
            for (var j = 0; isOpen && j < 20; j++)
                isOpen = await connection.TrySend(RandomFrame(random));
        }

        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Calls_ResetAfterTheyBegan_AreCancelledInTheService()
    {
        const int Calls = 500;
        var before = await suite.Cancelled();
        var message = new EchoRequest { ReplyCount = 1, Hang = true }.ToByteArray();
        using var connection = await Open(suite.Port);

        await connection.TrySend(Preface);
        foreach (var stream in StreamIds(Calls))
            await connection.TrySend(Call(stream, "Repeat", message));
        await connection.ReadUntil(Calls, FrameType.Data);
        foreach (var stream in StreamIds(Calls))
            await connection.TrySend(Reset(stream));

        Assert.Equal(before + Calls, await suite.Cancelled(before + Calls));
        await suite.AssertUnharmed();
    }

    [Fact]
    public async Task Calls_ResetAtOnce_DoNotPileUp()
    {
        var message = new EchoRequest { ReplyBytes = 1 << 16 }.ToByteArray();
        using var attack = new MemoryStream();
        attack.Write(Preface);
        foreach (var stream in StreamIds(10_000))
        {
            attack.Write(Call(stream, "Unary", message));
            attack.Write(Reset(stream));
        }
        using var connection = await Open(suite.Port);

        await connection.SendUntilStuck(attack.ToArray(), s_attackTime);

        await suite.AssertUnharmed();
    }

    [Theory]
    [InlineData(FrameType.Ping, 8)]
    [InlineData(FrameType.Settings, 0)]
    public async Task Flood_WithoutReadingAnswers_DoesNotPileUp(FrameType type, int payloadLength)
    {
        var frame = Encode(type, 0, 0, new byte[payloadLength]);
        using var attack = new MemoryStream();
        attack.Write(Preface);
        for (var i = 0; i < 500_000; i++)
            attack.Write(frame);
        using var connection = await Open(suite.Port);

        await connection.SendUntilStuck(attack.ToArray(), s_attackTime);

        await suite.AssertUnharmed();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public async Task Readers_ThatNeverRead_DoNotFillTheServer(int windowBytes)
    {
        var message = new EchoRequest { ReplyBytes = 1 << 20, ReplyCount = 100_000 }.ToByteArray();
        byte[] window = [(byte)(windowBytes >> 24), (byte)(windowBytes >> 16), (byte)(windowBytes >> 8), (byte)windowBytes];
        byte[] initialWindow = [0, 4, .. window];
        var connections = new List<Http2Connection>();
        for (var i = 0; i < 50; i++)
        {
            var connection = await Open(suite.Port);
            connections.Add(connection);
            await connection.TrySend(Preface);
            if (windowBytes > 0)
            {
                await connection.TrySend(Encode(FrameType.Settings, 0, 0, initialWindow));
                await connection.TrySend(Encode(FrameType.WindowUpdate, 0, 0, [0x70, 0, 0, 0]));
            }
            await connection.TrySend(Call(1, "Repeat", message));
        }
        await Task.Delay(s_attackTime);

        await suite.AssertUnharmed();
        connections.ForEach(connection => connection.Dispose());
        await suite.AssertUnharmed();
    }

    private static IEnumerable<int> StreamIds(int count) => Enumerable.Range(0, count).Select(i => 2 * i + 1);

    private static byte[] RandomFrame(Random random)
    {
        var payload = new byte[random.Next(64)];
        random.NextBytes(payload);
        var frame = Encode((FrameType)random.Next(12), (byte)random.Next(256), random.Next(9), payload);
        if (random.Next(8) == 0)
            random.NextBytes(frame);
        return frame;
    }
}
