using static RxChain.GrpcApi.Access.ClientRole;

namespace RxChain.GrpcApi.Access;

/// <summary>
/// Which roles may call which rpc: one table. What is not in it is refused to all; PeerService is not for clients, and
/// served elsewhere. Any one of the roles is enough.
/// </summary>
public static class RpcAccess
{
    /// <summary>Stands for the log over HTTP (tiles and checkpoint).</summary>
    public const string Tiles = "tiles";

    private const string Prescriptions = "/rxchain.v1.PrescriptionService/";
    private const string Ledger = "/rxchain.v1.LedgerService/";
    private const string Health = "/grpc.health.v1.Health/";

    private static readonly ClientRole[] Readers = [Reader, Auditor];
    private static readonly ClientRole[] ReadersAndSubmitters = [Submitter, Reader, Auditor];

    private static readonly Dictionary<string, ClientRole[]> Roles = new()
    {
        [Prescriptions + "PrepareEvent"] = [Submitter],
        [Prescriptions + "SubmitEvent"] = [Submitter],
        [Prescriptions + "SubmitEvents"] = [Submitter],
        [Prescriptions + "RecordEvent"] = [Submitter],
        [Prescriptions + "GetPrescription"] = Readers,
        [Prescriptions + "GetHistory"] = Readers,
        [Prescriptions + "WatchEvents"] = Readers,
        [Prescriptions + "ListPrescriptions"] = Readers,
        [Ledger + "GetStatus"] = [Submitter, Reader, Auditor, Admin],
        [Ledger + "GetCheckpoint"] = ReadersAndSubmitters,
        [Ledger + "GetReceipt"] = ReadersAndSubmitters,
        [Ledger + "GetLeaves"] = Readers,
        [Ledger + "GetInclusionProof"] = ReadersAndSubmitters,
        [Ledger + "GetConsistencyProof"] = ReadersAndSubmitters,
        [Ledger + "GetStateProof"] = Readers,
        [Ledger + "GetGenesis"] = ReadersAndSubmitters,
        [Ledger + "GetPolicy"] = ReadersAndSubmitters,
        [Ledger + "GetNetwork"] = [Submitter, Reader, Auditor, Admin],
        [Ledger + "ListEquivocations"] = [Auditor, Admin],
        [Tiles] = Readers,
    };

    // Whoever has a certificate may ask whether the node is there: load balancers and health checks need no role.
    private static readonly HashSet<string> Anybody = [Health + "Check", Health + "Watch"];

    /// <summary>Every rpc that clients may call, with its roles; none: any known client.</summary>
    public static IEnumerable<(string Method, IReadOnlyList<ClientRole> Roles)> Table =>
        Roles.Select(row => (row.Key, (IReadOnlyList<ClientRole>)row.Value)).Concat(Anybody.Select(method => (method, (IReadOnlyList<ClientRole>)[])));

    /// <summary>Null when the caller may call the method, else why not.</summary>
    public static string? Refusal(string method, Caller caller)
    {
        if (Anybody.Contains(method))
            return null;
        if (!Roles.TryGetValue(method, out var needed))
            return $"{method} is not in the table of rpcs and roles";
        return needed.Any(role => caller.Roles.Contains(role)) ? null
            : $"{method} needs the role {Names(needed, " or ")}; the certificate of {caller.Name} has {(caller.Roles.Count == 0 ? "none" : Names(caller.Roles, ", "))}";
    }

    private static string Names(IEnumerable<ClientRole> roles, string separator) => string.Join(separator, roles.Select(ClientRoles.NameOf));
}
