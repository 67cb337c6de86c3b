using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Engine.Core;
using Wire = RxChain.Protocol.V1;

namespace RxChain.Peers;

/// <summary>
/// This node's messages to one peer: one call that lasts, made again when it ends. What waits is bounded: of a peer that is
/// slow or gone the oldest messages are lost, as the core expects.
/// </summary>
internal sealed class PeerLink : IAsyncDisposable
{
    private const int MaxQueued = 1024;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    private readonly Channel<PeerMessage> _queue = Channel.CreateBounded<PeerMessage>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly CancellationTokenSource _closing = new();
    private readonly GrpcChannel _channel;
    private readonly Task _running;
    private volatile bool _connected;

    public PeerLink(PeerEndpoint peer)
    {
        Member = peer.Member;
        _channel = GrpcChannel.ForAddress(peer.Address, new GrpcChannelOptions { HttpHandler = peer.Handler, DisposeHttpClient = true });
        Client = new Wire.PeerService.PeerServiceClient(_channel.CreateCallInvoker());
        _running = Task.Run(RunAsync);
    }

    /// <summary>The peer's name.</summary>
    public string Member { get; }

    /// <summary>Calls to it on the same connection.</summary>
    public Wire.PeerService.PeerServiceClient Client { get; }

    /// <summary>True while messages reach it.</summary>
    public bool Connected => _connected;

    /// <summary>Sends, now or when there is a connection, or never.</summary>
    public void Send(PeerMessage message) => _queue.Writer.TryWrite(message);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _channel.Dispose();
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var delay = FirstDelay;
        while (!_closing.IsCancellationRequested)
        {
            bool wasConnected = await TryExchangeAsync().ConfigureAwait(false);
            _connected = false;
            delay = wasConnected ? FirstDelay : delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            await Task.Delay(delay, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // True when the peer took the call. Whatever ends it, the next one begins anew.
    private async Task<bool> TryExchangeAsync()
    {
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            using var call = Client.Exchange(cancellationToken: ends.Token);
            // The server answers with headers as soon as it has taken the call; with the response only when it ends it.
            await call.ResponseHeadersAsync.WaitAsync(ends.Token).ConfigureAwait(false);
            _connected = true;
            var sending = SendAsync(call.RequestStream, ends.Token);
            await Task.WhenAny(sending, call.ResponseAsync).ConfigureAwait(false);
            await ends.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // Lost, refused or closing: not worth a word each time; the status says who is not connected.
        }
        return _connected;
    }

    private async Task SendAsync(IClientStreamWriter<Wire.ExchangeRequest> stream, CancellationToken ends)
    {
        await foreach (var message in _queue.Reader.ReadAllAsync(ends).ConfigureAwait(false))
            await stream.WriteAsync(ExchangeWriter.Write(message), ends).ConfigureAwait(false);
    }
}
