using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Engine.Tests.Simulation;
using RxChain.Ledger;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Engine.Tests.Core;

/// <summary>Finality of one validator whose log and disk never fail. Roots follow from the size and the name of the log.</summary>
internal sealed class FinalityMember
{
    private static readonly ValidatorSet First = new(1, GenesisState.EraOf(FixedNetwork.Genesis()));

    private readonly Eras _eras;

    public FinalityMember(string name, CoreMemory? memory = null, string log = "")
    {
        (Name, LogName) = (name, log);
        Identity = SimNetwork.Identity(name, name);
        _eras = new Eras(First, _ => throw new NotSupportedException());
        Finality = new Finality(FixedNetwork.Origin, Identity, _eras, memory ?? Memory);
    }

    public static CoreMemory Memory { get; } = new() { Tree = NoTree, Question = 1 };

    public string Name { get; }

    public string LogName { get; }

    public ValidatorIdentity Identity { get; }

    public Finality Finality { get; }

    public List<(string? To, PeerMessage Message)> Outbox { get; } = [];

    public List<string> Alarms { get; } = [];

    /// <summary>All effects in order.</summary>
    public List<EngineEffect> Effects { get; } = [];

    public static CosignedHead Head(long size, string log = "") => new(size, Hash32.Sha256([.. BitConverter.GetBytes(size), .. log.Select(c => (byte)c)]));

    public static bool NoTree(int level, long index, out Hash32 hash)
    {
        hash = default;
        return false;
    }

    /// <summary>Delivers until nobody says anything more.</summary>
    public static void Deliver(IReadOnlyList<FinalityMember> members, Func<PeerMessage, bool> arrives)
    {
        while (members.Any(m => m.Outbox.Count > 0))
        {
            foreach (var from in members)
            {
                var messages = from.Outbox.ToArray();
                from.Outbox.Clear();
                foreach (var (to, message) in messages.Where(m => arrives(m.Message)))
                {
                    foreach (var member in members.Where(m => m.Name != from.Name && (to is null || to == m.Name)))
                        member.Receive(message);
                }
            }
        }
    }

    /// <summary>A block of this log ends at this size, and begins an era or not.</summary>
    public void Append(long size, ValidatorSet? begins = null)
    {
        if (begins is not null)
            _eras.Begin(begins);
        Finality.Applied(Head(size, LogName), 0);
        Do(effects => Finality.Flushed(size, effects));
    }

    public void Tick(long nowMs) => Do(effects => Finality.Tick(nowMs, effects));

    public void Receive(PeerMessage message) => Do(effects => Finality.Receive(message, effects));

    private void Do(Action<List<EngineEffect>> step)
    {
        var effects = new List<EngineEffect>();
        step(effects);
        Effects.AddRange(effects);
        foreach (var effect in effects)
        {
            if (effect is SendToPeers send)
                Outbox.Add((null, send.Message));
            else if (effect is SendToPeer one)
                Outbox.Add((one.Peer, one.Message));
            else if (effect is SaveCosignedHead save)
                Do(more => Finality.Saved(save.Head, more));
            else if (effect is RaiseAlarm alarm)
                Alarms.Add(alarm.Text);
        }
    }
}
