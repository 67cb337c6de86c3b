using Grpc.Core;

namespace RxChain.Grpc.Tests.Upstream;

[Collection(UpstreamSuite.Name)]
public sealed class CredentialsTests
{
    private static readonly CallCredentials s_call = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);

    [Fact]
    public void Insecure_WithCallCredentials_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, s_call));

    [Fact]
    public void Configurator_EachKind_IsToldWhatItIs()
    {
        var pair = new KeyCertificatePair("chain", "key");

        Assert.Equal("insecure", Tell(ChannelCredentials.Insecure));
        Assert.Equal("ssl   False", Tell(ChannelCredentials.SecureSsl));
        Assert.Equal("ssl roots chain True", Tell(new SslCredentials("roots", pair, _ => true)));
        Assert.Equal("ssl   False + call", Tell(ChannelCredentials.Create(ChannelCredentials.SecureSsl, s_call)));
    }

    [Fact]
    public void Compose_Credentials_KeepTheirOrder()
    {
        var other = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);
        var told = new CallTeller();

        CallCredentials.Compose(other, s_call).InternalPopulateConfiguration(told, this);

        Assert.Equal([other, s_call], told.Composite!);
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose(s_call));
    }

    private static string Tell(ChannelCredentials credentials)
    {
        var told = new ChannelTeller();
        credentials.InternalPopulateConfiguration(told, told);
        return told.Text;
    }

    private sealed class ChannelTeller : ChannelCredentialsConfiguratorBase
    {
        public string Text { get; private set; } = "";

        public override void SetInsecureCredentials(object state) => Text += "insecure";

        public override void SetSslCredentials(
            object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback) =>
            Text += $"ssl {rootCertificates} {keyCertificatePair?.CertificateChain} {verifyPeerCallback is not null}";

        public override void SetCompositeCredentials(
            object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
        {
            channelCredentials.InternalPopulateConfiguration(this, state);
            Text += " + call";
        }
    }

    private sealed class CallTeller : CallCredentialsConfiguratorBase
    {
        public IReadOnlyList<CallCredentials>? Composite { get; private set; }

        public override void SetCompositeCredentials(object state, IReadOnlyList<CallCredentials> credentials) =>
            Composite = credentials;

        public override void SetAsyncAuthInterceptorCredentials(object state, AsyncAuthInterceptor interceptor)
        {
        }
    }
}
