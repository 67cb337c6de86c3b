using Grpc.Core;
using RxChain.Ordering.Etcd.Wire;

namespace RxChain.Ordering.Etcd;

/// <summary>How one ordering member is.</summary>
/// <param name="Address">As configured.</param>
/// <param name="Problem">Null when it answers, has a leader and no alarm; else what is wrong.</param>
/// <param name="StoreBytes">Size of its store on disk; 0 when it does not answer.</param>
/// <param name="Revision">Its newest revision; 0 when it does not answer.</param>
/// <param name="ClusterId">The cluster that it belongs to; 0 when it does not answer.</param>
public sealed record EtcdMemberHealth(string Address, string? Problem, long StoreBytes, long Revision, ulong ClusterId)
{
    private static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(3);

    internal static async Task<IReadOnlyList<EtcdMemberHealth>> ReadAsync(EtcdConnections connections, CancellationToken cancellationToken) =>
        await Task.WhenAll(connections.All.Select(member => ReadAsync(member.Address, member.Invoker, cancellationToken))).ConfigureAwait(false);

    /// <summary>Client addresses of started members of the cluster that <paramref name="known"/> lacks; empty when nobody answers.</summary>
    internal static async Task<IReadOnlyList<string>> ReadUnknownAsync(
        EtcdConnections connections, IReadOnlyList<Uri> known, CancellationToken cancellationToken)
    {
        try
        {
            var members = await new Cluster.ClusterClient(connections.Current).MemberListAsync(
                new MemberListRequest(), deadline: DateTime.UtcNow + TimeOut, cancellationToken: cancellationToken);
            return [.. members.Members
                .Where(member => member.Name.Length > 0 && !member.ClientUrls.Any(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && known.Contains(uri)))
                .Select(member => $"{member.Name} at {string.Join(", ", member.ClientUrls)}")];
        }
        catch (RpcException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return [];
        }
    }

    private static async Task<EtcdMemberHealth> ReadAsync(string address, CallInvoker invoker, CancellationToken cancellationToken)
    {
        var client = new Maintenance.MaintenanceClient(invoker);
        try
        {
            var status = await client.StatusAsync(new StatusRequest(), deadline: DateTime.UtcNow + TimeOut, cancellationToken: cancellationToken);
            var alarms = await client.AlarmAsync(new AlarmRequest(), deadline: DateTime.UtcNow + TimeOut, cancellationToken: cancellationToken);
            string? problem = status.Leader == 0 ? "it sees no leader"
                : alarms.Alarms.Count > 0 ? $"alarm {string.Join(", ", alarms.Alarms.Select(a => a.Alarm).Distinct())}" : null;
            return new EtcdMemberHealth(address, problem, status.DbSize, status.Header.Revision, status.Header.ClusterId);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new EtcdMemberHealth(address, EtcdErrors.Explain(e), 0, 0, 0);
        }
    }
}
