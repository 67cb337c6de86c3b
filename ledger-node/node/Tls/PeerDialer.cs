using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace RxChain.Node.Tls;

/// <summary>
/// Opens connections to one member's node under mutual TLS, each with the certificate that counts at that moment. To be used
/// as <see cref="SocketsHttpHandler.ConnectCallback"/>.
/// </summary>
public sealed class PeerDialer
{
    private readonly Func<KeyedCertificate> _own;
    private readonly Func<X509Certificate2, X509Certificate2Collection, string?> _fault;
    private readonly OpenConnections _connections;

    internal PeerDialer(
        Func<KeyedCertificate> own, Func<X509Certificate2, X509Certificate2Collection, string?> fault, OpenConnections connections)
    {
        _own = own;
        _fault = fault;
        _connections = connections;
    }

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="AuthenticationException">Somebody else is there; the message says why it does not count.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await AuthenticateAsync(stream, context.DnsEndPoint.Host, cancellationToken);
            return stream;
        }
        catch
        {
            if (stream is not null)
                await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
    }

    private async Task AuthenticateAsync(SslStream stream, string host, CancellationToken cancellationToken)
    {
        string? refused = null;
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ClientCertificateContext = _own().Context,
                    AllowTlsResume = false,
                    CertificateChainPolicy = TlsHandshake.NoVerdict(),
                    RemoteCertificateValidationCallback = (_, shown, chain, _) => LetIn(stream, shown, chain, out refused),
                },
                cancellationToken);
        }
        catch (AuthenticationException) when (refused is not null)
        {
            throw new AuthenticationException($"The certificate at {host} does not count: {refused}.");
        }
    }

    private bool LetIn(SslStream stream, X509Certificate? shown, X509Chain? chain, out string? refused)
    {
        refused = "there is none";
        if (TlsHandshake.Copy(shown, chain) is not var (certificate, between))
            return false;
        refused = _fault(certificate, between);
        if (refused is not null)
            return false;
        // Nobody says when a connection of the pool is closed: it is forgotten with its stream.
        var weak = new WeakReference<SslStream>(stream);
        _connections.Add(weak, () => weak.TryGetTarget(out _) ? _fault(certificate, between) : "closed", () =>
        {
            if (weak.TryGetTarget(out var open))
                open.Dispose();
        });
        return true;
    }
}
