using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>Somebody who gets messages.</summary>
internal interface ISimMember
{
    string Name { get; }

    void Receive(PeerMessage message);
}

/// <summary>
/// A validator without a log: it signs what it likes with its own keys, true heads and false ones, says other things to
/// others, and answers questions with lies. It cannot make another's signature.
/// </summary>
internal sealed class SimLiar(SimWorld world, string name, Random random) : ISimMember
{
    private readonly ValidatorIdentity _keys = SimNetwork.Identity(name, name);
    private readonly Cosignatures _cosignatures = new(FixedNetwork.Origin);
    private readonly HeadReports _reports = new(FixedNetwork.Origin);

    public string Name => name;

    public void Receive(PeerMessage message)
    {
        if (message is HeadsAsked asked && random.Next(4) > 0)
            world.SendTo(asked.Sender, Answer(asked));
    }

    /// <summary>Says something.</summary>
    public void Lie()
    {
        if (world.Watch.RandomHead(random) is not { } real)
            return;
        var head = random.Next(2) == 0 ? real : real with { Root = Hash32.Sha256([(byte)random.Next(3)]) };
        switch (random.Next(5))
        {
            case 0 or 1:
                world.Watch.LiarReported(name, head);
                Tell(_reports.Sign(name, [head], _keys.NodeKey));
                break;
            case 2 or 3:
                Tell(_cosignatures.Sign(_keys, head, world.NowMs));
                break;
            default:
                Tell(new SizeNamed(name, head.Size + random.Next(-2, 3)));
                break;
        }
    }

    private void Tell(PeerMessage message)
    {
        if (random.Next(2) == 0)
            world.Send(this, message);
        else
            world.SendTo(world.Nodes[random.Next(world.Nodes.Length)].Name, message);
    }

    private HeadsShown Answer(HeadsAsked asked)
    {
        var final = world.Nodes[random.Next(world.Nodes.Length)].Final;
        if (final is not null && random.Next(2) == 0)
            final = new SignedCheckpoint(new Checkpoint(FixedNetwork.Origin, final.Checkpoint.Size + random.Next(3), Hash32.Sha256([1])), final.Note.Signatures);
        HeadCosigned? yours = null;
        if (random.Next(2) == 0 && world.Watch.RandomHead(random) is { } head)
            yours = _cosignatures.Sign(_keys, head with { Size = head.Size + random.Next(2) }, 0) with { Sender = asked.Sender };
        return new HeadsShown(name, asked.Question, final, yours);
    }
}
