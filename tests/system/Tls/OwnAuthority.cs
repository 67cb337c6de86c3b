using RxChain.Node.Pki;
using RxChain.Storage;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Tls;

/// <summary>Certificates that the commands do not make: other moments, other subjects.</summary>
internal static class OwnAuthority
{
    /// <summary>The authority that a network's commands made, as of another moment.</summary>
    public static Authority Load(TlsNetwork network, TimeProvider? clock = null) =>
        Authority.Load(new(File.ReadAllText(network.Authority), File.ReadAllText(network.Pki("ca.key"))), clock ?? TimeProvider.System);

    /// <summary>A client with any units in its subject. Returns its path without extension.</summary>
    public static string IssueClient(TlsNetwork network, string name, params string[] units)
    {
        using var authority = Load(network);
        return Write(network.Pki("clients", name), authority.IssueClient(name, units, 10));
    }

    /// <summary>Writes a certificate and its key where there may be others.</summary>
    public static string Write(string path, IssuedCertificate issued)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path + ".key");
        SecretFile.Write(path + ".key", System.Text.Encoding.ASCII.GetBytes(issued.Key));
        File.WriteAllText(path + ".crt", issued.Certificate);
        return path;
    }

    /// <summary>A clock that stands this far from now.</summary>
    public sealed class Shifted(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + by;
    }
}
