using RxChain.Engine.Core;
using RxChain.Engine.Ports;

namespace RxChain.Engine.Node;

/// <summary>Links between validators that run in one process. Also the links of a validator that is alone.</summary>
public sealed class LocalPeers
{
    private readonly List<Link> _links = [];

    /// <summary>A link for one more validator. All are made before the first message is sent.</summary>
    public IPeerLinks Join(string name)
    {
        var link = new Link(this, name);
        _links.Add(link);
        return link;
    }

    private sealed class Link(LocalPeers hub, string name) : IPeerLinks
    {
        private Action<PeerMessage> _receiver = _ => { };

        public string Name { get; } = name;

        public void Send(PeerMessage message)
        {
            foreach (var other in hub._links)
            {
                if (other != this)
                    other._receiver(message);
            }
        }

        public void SendTo(string peer, PeerMessage message) =>
            hub._links.Find(link => link.Name == peer)?._receiver(message);

        public void OnReceive(Action<PeerMessage> receiver, Action<string> alarm) => _receiver = receiver;
    }
}
