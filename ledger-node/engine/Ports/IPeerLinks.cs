using RxChain.Engine.Core;

namespace RxChain.Engine.Ports;

/// <summary>Carries messages to the other validators. Messages may be lost, doubled and reordered; none may be altered unseen,
/// and the sender that a message names is who sent it.</summary>
public interface IPeerLinks
{
    /// <summary>Sends to all other validators. Does not wait and does not throw.</summary>
    void Send(PeerMessage message);

    /// <summary>Sends to one validator, by name; to an unknown one: to nobody. Does not wait and does not throw.</summary>
    void SendTo(string peer, PeerMessage message);

    /// <summary>Says where messages from others go, and what an operator should know about a peer.</summary>
    void OnReceive(Action<PeerMessage> receiver, Action<string> alarm);

    /// <summary>How the other members' nodes are; none when they run in this process.</summary>
    IReadOnlyList<PeerStatus> Status => [];
}
