namespace RxChain.GrpcApi.Ports;

/// <summary>How the server around a node is, for its operator. Thread-safe.</summary>
public interface IServerHealth
{
    /// <summary>Certificates whose end matters to this node.</summary>
    IReadOnlyList<CertificateExpiry> Certificates { get; }

    /// <summary>What an operator must look at, expiring certificates among it.</summary>
    IReadOnlyList<string> Alarms { get; }
}

/// <summary>When a certificate ends.</summary>
/// <param name="Name">Whose it is: "node", "client alice", ...</param>
/// <param name="NotAfter">Its end.</param>
/// <param name="DaysLeft">Whole days until then; negative afterwards.</param>
public sealed record CertificateExpiry(string Name, DateTimeOffset NotAfter, int DaysLeft);
