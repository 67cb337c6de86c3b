using System.Diagnostics.CodeAnalysis;

namespace RxChain.GrpcApi.Access;

/// <summary>What a client may do at its organisation's node. A certificate names roles as OU values of its subject.</summary>
public enum ClientRole
{
    /// <summary>Prepares and submits events, and gets their receipts.</summary>
    Submitter,

    /// <summary>Reads prescriptions, the log and its proofs.</summary>
    Reader,

    /// <summary>Reads what a reader does, and what proves misbehaviour of members.</summary>
    Auditor,

    /// <summary>Looks after the node: its alarms, its certificates, and the proofs that it keeps.</summary>
    Admin,
}

/// <summary>Names of <see cref="ClientRole"/> in certificates.</summary>
public static class ClientRoles
{
    /// <summary>Every role.</summary>
    public static IReadOnlyList<ClientRole> All { get; } = Enum.GetValues<ClientRole>();

    /// <summary>The name in a certificate: in lower case.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "The names are lower case.")]
    public static string NameOf(ClientRole role) => role.ToString().ToLowerInvariant();

    /// <summary>Reads a name. Case counts.</summary>
    public static bool TryParse(string name, out ClientRole role)
    {
        role = All.FirstOrDefault(r => NameOf(r) == name);
        return NameOf(role) == name;
    }
}
