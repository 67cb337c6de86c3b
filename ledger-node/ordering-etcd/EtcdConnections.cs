using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;

namespace RxChain.Ordering.Etcd;

/// <summary>One channel to each ordering member, and which one is in use. Thread-safe.</summary>
internal sealed class EtcdConnections : IDisposable
{
    // A watch is answered in fragments of about 2 MiB; one put of a rogue member has at most etcd's 1.5 MiB.
    private const int MaxMessageBytes = 16 << 20;

    private readonly GrpcChannel[] _channels;
    private int _current;

    public EtcdConnections(EtcdOptions options) =>
        _channels = [.. options.Endpoints.Select(endpoint => Open(endpoint, options))];

    /// <summary>The member in use.</summary>
    public CallInvoker Current => _channels[Volatile.Read(ref _current)].CreateCallInvoker();

    /// <summary>Every member.</summary>
    public IEnumerable<(string Address, CallInvoker Invoker)> All =>
        _channels.Select(channel => (channel.Target, channel.CreateCallInvoker()));

    /// <summary>Goes on to the next member, unless somebody has done so since <paramref name="failed"/> was in use.</summary>
    public void Leave(int failed) => Interlocked.CompareExchange(ref _current, (failed + 1) % _channels.Length, failed);

    /// <summary>Place of the member in use, for <see cref="Leave"/>.</summary>
    public int CurrentPlace => Volatile.Read(ref _current);

    public void Dispose()
    {
        foreach (var channel in _channels)
            channel.Dispose();
    }

    private static GrpcChannel Open(Uri endpoint, EtcdOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // A member whose machine is gone says nothing: ask.
            KeepAlivePingDelay = TimeSpan.FromSeconds(5),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
            EnableMultipleHttp2Connections = true,
        };
        if (options.Certificate is { } certificate && options.Authorities is { } authorities)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                CertificateChainPolicy = Trust(authorities),
            };
        }
        return GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessageBytes,
        });
    }

    private static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
