using System.Net;
using System.Net.Sockets;

namespace RxChain.Testing;

/// <summary>
/// Ports on loopback for processes that must know each other's before they start, and come back on them after a kill.
/// They lie below those that the kernel gives to outgoing connections (from 32,768 on): one of these could take the port
/// of a process that is down, even a client's own attempt to reach it.
/// </summary>
internal static class FreePorts
{
    private const int First = 15_000, Count = 17_000;

    private static int _next = Random.Shared.Next(Count);

    /// <summary>So many ports that nobody listens at now, each another, and none that was given before.</summary>
    public static int[] Find(int count) =>
        [.. Enumerable.Repeat(0, Count).Select(_ => First + ((int)((uint)Interlocked.Increment(ref _next) % Count))).Where(IsFree).Take(count)];

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
