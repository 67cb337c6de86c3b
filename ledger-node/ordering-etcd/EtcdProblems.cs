using System.Globalization;

namespace RxChain.Ordering.Etcd;

/// <summary>What an operator must know of the ordering, collected from the reader and from the members. Thread-safe.</summary>
internal sealed class EtcdProblems(EtcdOptions options)
{
    private const int MaxIncidents = 16;

    private readonly Lock _lock = new();
    private readonly Queue<string> _incidents = new();
    private string[] _members = [];
    private string? _watch;

    public IReadOnlyList<string> ToList()
    {
        lock (_lock)
            return [.. _members, .. _watch is null ? Array.Empty<string>() : [_watch], .. _incidents];
    }

    /// <summary>Something that no honest member does. The latest are kept.</summary>
    public void Incident(string text)
    {
        lock (_lock)
        {
            if (_incidents.Count == MaxIncidents)
                _incidents.Dequeue();
            _incidents.Enqueue($"ordering: {text}");
        }
    }

    /// <summary>Why the order cannot be followed now; null when it can.</summary>
    public void Watch(string? problem)
    {
        lock (_lock)
            _watch = problem is null ? null : $"ordering: it cannot be followed: {problem}";
    }

    /// <summary>How the members are, and addresses of members that this node is not configured with.</summary>
    public void Health(IReadOnlyList<EtcdMemberHealth> members, IReadOnlyList<string> unknown)
    {
        string[] problems =
        [
            .. members.Where(m => m.Problem is not null).Select(m => $"ordering: {m.Address}: {m.Problem}"),
            .. members.Where(m => m.StoreBytes > options.QuotaBytes / 5 * 4).Select(m => string.Create(
                CultureInfo.InvariantCulture,
                $"ordering: {m.Address}: its store has {m.StoreBytes >> 20} of {options.QuotaBytes >> 20} MiB: compact and defragment it, or raise its quota")),
            .. unknown.Select(address => $"ordering: the cluster has a member that is not among the endpoints: {address}"),
        ];
        if (members.Where(m => m.ClusterId != 0).Select(m => m.ClusterId).Distinct().Count() > 1)
            problems = [.. problems, "ordering: the endpoints belong to different etcd clusters"];
        lock (_lock)
            _members = problems;
    }
}
