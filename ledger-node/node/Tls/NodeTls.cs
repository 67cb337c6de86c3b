using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using RxChain.GrpcApi.Access;
using RxChain.GrpcApi.Ports;
using RxChain.Node.Configuration;

namespace RxChain.Node.Tls;

/// <summary>
/// Mutual TLS of one node: for clients, for peers that call, and for peers that are called. Looks every few seconds whether
/// files have changed and whether open connections still count.
/// </summary>
public sealed class NodeTls : IServerHealth, IPeerIdentity, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TlsFiles _files;
    private readonly TlsPolicy _policy;
    private readonly OpenConnections _connections = new();
    private readonly ExpiryWatch _expiry;
    private readonly ITimer _timer;

    /// <summary>Reads the certificates that the configuration names.</summary>
    /// <param name="config">With <see cref="NodeConfig.Tls"/>.</param>
    /// <param name="clock">Judges the validity of clients' certificates.</param>
    /// <exception cref="InvalidDataException">A file does not hold what it should; the message names it.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The key file is open to others.</exception>
    public NodeTls(NodeConfig config, TimeProvider clock)
    {
        _files = new TlsFiles(config);
        _policy = new TlsPolicy(_files, clock);
        _expiry = new ExpiryWatch(config, _files, clock);
        _timer = clock.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    /// <inheritdoc/>
    public IReadOnlyList<CertificateExpiry> Certificates => _expiry.Certificates;

    /// <inheritdoc/>
    public IReadOnlyList<string> Alarms => [.. _files.Alarms, .. _expiry.Warnings];

    /// <summary>Serves clients of this member, and says who they are.</summary>
    public void ServeClients(ListenOptions listen)
    {
        listen.UseHttps(Handshake(_policy.ClientFault));
        listen.UseCaller(connection =>
        {
            var certificate = CertificateOf(connection);
            _expiry.Saw(certificate);
            return TlsPolicy.Client(certificate);
        });
    }

    /// <summary>Serves nodes of the members that are named as peers.</summary>
    public void ServePeers(ListenOptions listen) => listen.UseHttps(Handshake((certificate, between) => _policy.PeerFault(certificate, between)));

    /// <summary>The member whose node is at the other end of a connection that <see cref="ServePeers"/> let in.</summary>
    public string? MemberAt(HttpContext connection) =>
        connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate ? Subject.Of(certificate)?.Name : null;

    /// <summary>Opens connections to a member's node; any other, and whoever is not let in any more, is cut off.</summary>
    public PeerDialer Dialer(string member) => new(
        () => _files.Current.Node,
        (certificate, between) => _policy.PeerFault(certificate, between, member),
        _connections);

    /// <summary>Looks at files and open connections now.</summary>
    internal void Look()
    {
        _files.Poll();
        _connections.Check();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private TlsHandshakeCallbackOptions Handshake(Func<X509Certificate2, X509Certificate2Collection, string?> fault) => new()
    {
        OnConnection = context => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _files.Current.Node.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // A resumed session would not show its certificate again.
            AllowTlsResume = false,
            CertificateChainPolicy = TlsHandshake.NoVerdict(),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => LetIn(context.Connection, certificate, chain, fault),
        }),
    };

    private bool LetIn(
        BaseConnectionContext connection, X509Certificate? shown, X509Chain? chain, Func<X509Certificate2, X509Certificate2Collection, string?> fault)
    {
        if (TlsHandshake.Copy(shown, chain) is not var (certificate, between) || fault(certificate, between) is not null)
            return false;
        _connections.Add(connection, () => fault(certificate, between), connection.Abort);
        connection.ConnectionClosed.Register(() => _connections.Remove(connection));
        return true;
    }

    private static X509Certificate2 CertificateOf(ConnectionContext connection) =>
        connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate
            ?? throw new InvalidOperationException("The handshake let somebody in without a certificate.");
}
