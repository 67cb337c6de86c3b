using System.Security.Cryptography.X509Certificates;
using RxChain.SystemTests.Audit;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Tls;

/// <summary><c>rxnode pki</c> as operators type it.</summary>
[Collection(TlsSuite.Name)]
public sealed class PkiTests : IDisposable
{
    private readonly TemporaryDirectory _pki = new();

    public void Dispose() => _pki.Dispose();

    [Fact]
    public void Pki_MakesWhatANetworkNeeds_ForTheOwnerOnly()
    {
        Assert.Equal($"{_pki["north/node.crt"]}\n", Run("node", "--member", "north", "--address", "10.0.0.1", "node.north.example").Expect(0).Output);
        Run("client", "--member", "north", "--name", "ward-3", "--role", "submitter", "reader", "--days", "90").Expect(0);
        Run("etcd", "--host", "etcd-1=10.0.0.1,etcd-1.example", "--host", "etcd-2=10.0.0.2", "--user", "north").Expect(0);

        var node = Read("north/node", "north/ca");
        Assert.Equal("CN=north", node.Subject);
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], Usages(node));
        var names = node.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["node.north.example", "localhost"], names.EnumerateDnsNames());
        Assert.Equal(["10.0.0.1", "127.0.0.1", "::1"], names.EnumerateIPAddresses().Select(ip => ip.ToString()));
        var client = Read("north/clients/ward-3", "north/ca");
        Assert.Equal("CN=ward-3, OU=submitter, OU=reader", client.Subject);
        Assert.Equal(["1.3.6.1.5.5.7.3.2"], Usages(client));
        Assert.Equal(90, (client.NotAfter - client.NotBefore).TotalDays, 0.1);
        foreach (string host in new[] { "etcd/etcd-1", "etcd/etcd-2" })
            Assert.InRange((Read(host, "etcd/ca").NotAfter - DateTime.Now).TotalDays, 10_900, 11_000);
        Assert.Equal("CN=north", Read("north/etcd-client", "etcd/ca").Subject);
        string[] keys = Directory.GetFiles(_pki.Path, "*.key", SearchOption.AllDirectories);
        Assert.Equal(7, keys.Length);
        Assert.All(keys, key => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key)));
    }

    [Fact]
    public void Pki_NeverOverwrites_AndUsesTheAuthorityThatIsThere()
    {
        Run("node", "--member", "north").Expect(0);
        byte[] authority = File.ReadAllBytes(_pki["north/ca.crt"]);
        Run("node", "--member", "north").ExpectRefusal("north/node.key exists already and is not overwritten");
        File.Move(_pki["north/node.crt"], _pki["north/old.crt"]);
        File.Move(_pki["north/node.key"], _pki["north/old.key"]);

        Run("node", "--member", "north").Expect(0);

        Assert.Equal(authority, File.ReadAllBytes(_pki["north/ca.crt"]));
        Read("north/node", "north/ca");
        Read("north/old", "north/ca");
        Run("etcd", "--host", "a=10.0.0.1").Expect(0);
        Run("etcd", "--host", "b=10.0.0.2", "--user", "south").Expect(0);
        Read("etcd/a", "etcd/ca");
        Read("south/etcd-client", "etcd/ca");
    }

    [Theory]
    [InlineData("--role: \"king\"", "client", "--member", "north", "--name", "x", "--role", "king")]
    [InlineData("ca.crt does not exist", "client", "--member", "south", "--name", "x", "--role", "reader")]
    [InlineData("--member: \"..\"", "node", "--member", "..")]
    [InlineData("neither an IP address nor a host name", "node", "--member", "north", "--address", "10.0.0.1:7600")]
    [InlineData("--days", "node", "--member", "north", "--days", "0")]
    [InlineData("--host: \"x\"", "etcd", "--host", "x")]
    [InlineData("--host: \"ca\"", "etcd", "--host", "ca=10.0.0.1")]
    public void Pki_WrongValue_IsRefusedAndMakesNothing(string words, string what, params string[] arguments)
    {
        Run(what, arguments).ExpectRefusal(words);
        Assert.Empty(Directory.GetFiles(_pki.Path, "*", SearchOption.AllDirectories));
    }

    private Finished Run(string what, params string[] arguments) => Programs.RunNode(["pki", what, "--out", _pki.Path, .. arguments]);

    // A certificate with its own key, under an authority.
    private X509Certificate2 Read(string name, string authority)
    {
        var certificate = X509Certificate2.CreateFromPemFile(_pki[name + ".crt"], _pki[name + ".key"]);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(_pki[authority + ".crt"]));
        Assert.True(chain.Build(certificate), string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation)));
        return certificate;
    }

    private static IEnumerable<string?> Usages(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(usage => usage.Value);
}
