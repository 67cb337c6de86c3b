using RxChain.Engine.Core;

namespace RxChain.Engine.Ports;

/// <summary>Takes what other members' nodes say, as a server hears it. Thread-safe; never waits.</summary>
public interface IPeerInbox
{
    /// <summary>Hands over a message of the member that is at the other end.</summary>
    void Receive(PeerMessage message);

    /// <summary>Tells the operator what a peer did that no honest node does.</summary>
    void Report(string peer, string fault);
}
