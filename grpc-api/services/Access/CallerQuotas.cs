using System.Diagnostics.CodeAnalysis;

namespace RxChain.GrpcApi.Access;

/// <summary>The quota of each client, of bounded number. Thread-safe.</summary>
internal sealed class CallerQuotas(CallLimits limits, TimeProvider clock, int maxClients = 10_000)
{
    private readonly Dictionary<string, CallerQuota> _quotas = [];

    /// <summary>Takes a call in; <paramref name="lease"/> is to be disposed when the call is over.</summary>
    /// <returns>Null, or how long to wait and what is exceeded.</returns>
    public (TimeSpan Wait, string What)? TryEnter(Caller caller, [MaybeNull] out IDisposable lease)
    {
        lease = null;
        if (Of(caller.Name) is not { } quota)
            return (TimeSpan.FromSeconds(1), $"{maxClients} clients at once");
        if (quota.TryEnter() is { } exceeded)
            return exceeded;
        lease = new Lease(quota);
        return null;
    }

    private CallerQuota? Of(string name)
    {
        lock (_quotas)
        {
            if (_quotas.TryGetValue(name, out var known))
                return known;
            if (_quotas.Count >= maxClients)
                Forget();
            if (_quotas.Count >= maxClients)
                return null;
            return _quotas[name] = new CallerQuota(limits, clock);
        }
    }

    private void Forget()
    {
        foreach (var (name, _) in _quotas.Where(entry => entry.Value.IsIdle()).ToArray())
            _quotas.Remove(name);
    }

    private sealed class Lease(CallerQuota quota) : IDisposable
    {
        private CallerQuota? _quota = quota;

        public void Dispose() => Interlocked.Exchange(ref _quota, null)?.Leave();
    }
}
