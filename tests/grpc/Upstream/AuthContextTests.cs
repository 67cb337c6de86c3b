using Grpc.Core;

namespace RxChain.Grpc.Tests.Upstream;

[Collection(UpstreamSuite.Name)]
public sealed class AuthContextTests
{
    private static readonly AuthProperty s_name = AuthProperty.Create("x509_common_name", [.. "Köln"u8]);

    [Fact]
    public void PeerIdentity_OfAuthenticatedPeer_IsTheNamedProperty()
    {
        var context = new AuthContext(s_name.Name, new() { [s_name.Name] = [s_name], ["other"] = [] });

        Assert.True(context.IsPeerAuthenticated);
        Assert.Equal([s_name], context.PeerIdentity);
        Assert.Equal([s_name], context.Properties);
        Assert.Empty(context.FindPropertiesByName("none"));
    }

    [Fact]
    public void PeerIdentity_OfUnknownPeer_IsEmpty()
    {
        var context = new AuthContext(null, []);

        Assert.False(context.IsPeerAuthenticated);
        Assert.Empty(context.PeerIdentity);
    }

    [Fact]
    public void Property_Value_IsUtf8AndCopied()
    {
        s_name.ValueBytes[0] = 0;

        Assert.Equal("Köln", s_name.Value);
    }
}
