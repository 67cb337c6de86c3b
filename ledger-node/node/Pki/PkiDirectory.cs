using System.Security.Cryptography;
using System.Text;
using RxChain.Node.Commands;
using RxChain.Storage;

namespace RxChain.Node.Pki;

/// <summary>
/// Certificates as files: NAME.crt and NAME.key (mode 0600), PEM both. Below the root a folder for each member (ca, node,
/// etcd-client, clients/NAME) and one for etcd (ca, and each host). Nothing is overwritten.
/// </summary>
internal sealed class PkiDirectory(string root, TimeProvider clock)
{
    private const string Advice = "Move it away first if it is to be replaced.";
    private const int EtcdDays = 30 * 365;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a member's node certificate, and its authority if it has none yet. Returns the certificate's path.</summary>
    public string MakeNode(string member, IReadOnlyList<string> addresses, int days)
    {
        string target = In(member, "node");
        RequireNew(target);
        using var authority = OpenAuthority(member, $"{member} authority");
        return Write(target, authority.IssueNode(member, addresses, days));
    }

    /// <summary>Makes a certificate for a client of a member. Returns its path.</summary>
    /// <exception cref="IOException">The member has no authority here, or the client has a certificate already.</exception>
    public string MakeClient(string member, string client, IReadOnlyList<string> roles, int days)
    {
        string target = In(member, "clients", client);
        RequireNew(target);
        if (!File.Exists(In(member, "ca") + ".crt"))
            throw new IOException($"{In(member, "ca")}.crt does not exist: make the member's authority first, with rxnode pki node.");
        using var authority = OpenAuthority(member, "");
        return Write(target, authority.IssueClient(client, roles, days));
    }

    /// <summary>Makes certificates of etcd hosts and of members as etcd users, and etcd's authority if it has none yet.</summary>
    public IReadOnlyList<string> MakeEtcd(IReadOnlyList<(string Host, string[] Addresses)> hosts, IReadOnlyList<string> users)
    {
        RequireNew([.. hosts.Select(host => In("etcd", host.Host)), .. users.Select(EtcdClient)]);
        using var authority = OpenAuthority("etcd", "etcd authority");
        return
        [
            .. hosts.Select(host => Write(In("etcd", host.Host), authority.IssueNode(host.Host, host.Addresses, EtcdDays))),
            .. users.Select(user => Write(EtcdClient(user), authority.IssueClient(user, [], EtcdDays))),
        ];
    }

    private string EtcdClient(string member) => In(member, "etcd-client");

    private string In(params string[] parts) => Path.Combine([root, .. parts]);

    private Authority OpenAuthority(string folder, string name)
    {
        string path = In(folder, "ca");
        if (File.Exists(path + ".crt") || File.Exists(path + ".key"))
        {
            try
            {
                return Authority.Load(new(File.ReadAllText(path + ".crt"), Encoding.ASCII.GetString(SecretFile.Read(path + ".key"))), clock);
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                throw new InvalidDataException($"{path}.crt and {path}.key are not an authority's certificate and key: {e.Message}", e);
            }
        }
        var authority = Authority.Create(name, clock);
        Write(path, authority.Files);
        return authority;
    }

    private static void RequireNew(params string[] targets) =>
        NewFiles.RequireNone(Advice, targets.SelectMany(target => new[] { target + ".key", target + ".crt" }));

    private static string Write(string path, IssuedCertificate issued)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
        SecretFile.Write(path + ".key", Encoding.ASCII.GetBytes(issued.Key));
        NewFiles.Write(path + ".crt", Encoding.ASCII.GetBytes(issued.Certificate + "\n"));
        return path + ".crt";
    }
}
