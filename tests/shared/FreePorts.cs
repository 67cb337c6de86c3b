using System.Net;
using System.Net.Sockets;

namespace RxChain.Testing;

/// <summary>Ports on loopback for processes that must know each other's before they start.</summary>
internal static class FreePorts
{
    /// <summary>So many ports that nobody listens at now, each another.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        listeners.ForEach(l => l.Stop());
        return ports;
    }
}
