using System.Collections.Concurrent;

namespace RxChain.Node.Tls;

/// <summary>
/// Connections under TLS. Each is judged again from time to time: one whose certificate has expired, or whose authority was
/// taken away, is cut off, and with it all its streams. Thread-safe.
/// </summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<object, Connection> _open = [];

    /// <summary>Keeps an eye on a connection until <see cref="Remove"/>.</summary>
    /// <param name="connection">Stands for it.</param>
    /// <param name="fault">Why the certificate does not count any more; null while it does.</param>
    /// <param name="abort">Cuts it off.</param>
    public void Add(object connection, Func<string?> fault, Action abort) =>
        _open[connection] = new Connection(fault, abort);

    /// <summary>The connection is closed.</summary>
    public void Remove(object connection) => _open.TryRemove(connection, out _);

    /// <summary>Cuts off what does not count any more.</summary>
    public void Check()
    {
        foreach (var (key, connection) in _open)
        {
            if (connection.Fault() is null)
                continue;
            connection.Abort();
            Remove(key);
        }
    }

    private sealed record Connection(Func<string?> Fault, Action Abort);
}
