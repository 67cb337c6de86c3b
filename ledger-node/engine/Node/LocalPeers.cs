using RxChain.Engine.Core;
using RxChain.Engine.Ports;

namespace RxChain.Engine.Node;

/// <summary>Links between validators that run in one process. Also the links of a validator that is alone.</summary>
public sealed class LocalPeers
{
    private readonly List<Link> _links = [];

    /// <summary>A link for one more validator. All are made before the first message is sent.</summary>
    public IPeerLinks Join()
    {
        var link = new Link(this);
        _links.Add(link);
        return link;
    }

    private sealed class Link(LocalPeers hub) : IPeerLinks
    {
        private Action<PeerMessage> _receiver = _ => { };

        public void Send(PeerMessage message)
        {
            foreach (var other in hub._links)
            {
                if (other != this)
                    other._receiver(message);
            }
        }

        public void OnReceive(Action<PeerMessage> receiver) => _receiver = receiver;
    }
}
