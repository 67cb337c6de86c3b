using RxChain.Engine.Core;
using RxChain.Engine.Ports;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>The order that all members read: a list of puts, durable at once.</summary>
internal sealed class SimOrder
{
    private readonly List<(byte[] Bytes, PutArrived Arrived)> _puts = [];

    public int Count => _puts.Count;

    public byte[] Bytes(int index) => _puts[index].Bytes;

    public void Put(byte[] bytes) => _puts.Add((bytes, SimEvents.Arrive((ulong)_puts.Count + 1, bytes)));

    /// <summary>The put after a position, or null when there is none yet.</summary>
    public PutArrived? After(ulong position) => position < (ulong)_puts.Count ? _puts[(int)position].Arrived : null;

    /// <summary>As <see cref="After"/>, with each two puts exchanged from the third on: another face of the order.</summary>
    public PutArrived? OtherFace(ulong position)
    {
        int other = position < 2 ? (int)position : (int)position ^ 1;
        return position < (ulong)_puts.Count && other < _puts.Count ? _puts[other].Arrived with { Position = position + 1 } : null;
    }
}

/// <summary>Ports that a recovery does not use.</summary>
internal sealed class NoPorts : IOrdering, IPeerLinks
{
    public static NoPorts Instance { get; } = new();

    public Task SubmitAsync(ReadOnlyMemory<byte> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<OrderedPut> ReadAsync(ulong afterPosition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Send(PeerMessage message) => throw new NotSupportedException();

    public void SendTo(string peer, PeerMessage message) => throw new NotSupportedException();

    public void OnReceive(Action<PeerMessage> receiver, Action<string> alarm) => throw new NotSupportedException();
}
