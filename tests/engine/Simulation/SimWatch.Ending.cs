using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>What must hold at the end of a run, from the logs alone.</summary>
internal sealed partial class SimWatch
{
    /// <summary>All logs that can be whole are, and are the same.</summary>
    public void Ended(SimNode[] nodes)
    {
        foreach (var node in nodes)
        {
            Require(world.Options.OtherFace != 0 || node.Log.Size >= LargestFinal, $"{node.Name} lacks what was final");
            Require(_final.All(f => f.Key > node.FinalSize || RootAt(node, f.Key) == f.Value), $"{node.Name} has another final log");
        }
        if (world.Options.OtherFace == 0)
        {
            foreach (var node in nodes)
            {
                Recovered(node);
                CheckAcknowledged(node, _acknowledged[0]);
            }
            CheckLeaves(nodes[0].Log, nodes[0].Log.Size);
            Require(nodes[0].ReplayedStateRoot() == nodes[0].Executor.State.Root, "a replay of the whole log gives another state");
        }
        else if (nodes.FirstOrDefault(n => n.FinalSize == LargestFinal) is { } whole)
        {
            CheckAcknowledged(whole, _acknowledgedFinal);
            CheckLeaves(whole.Log, whole.FinalSize);
        }
    }

    private static void CheckAcknowledged(SimNode node, Dictionary<Hash32, EventPlace> acknowledged)
    {
        foreach (var (id, place) in acknowledged)
        {
            bool isThere = place.LeafIndex < node.Log.Size
                && EventLeaf.TryParse(node.Log.Read(place.LeafIndex), out var leaf) && leaf.Outcome == place.Outcome
                && SignedEvent.TryParse(leaf.Envelope, out var signed, out _) && signed.EventId == id;
            Require(isThere, $"{node.Name}: leaf {place.LeafIndex} is not the event that was acknowledged there");
        }
    }

    private static void CheckLeaves(ILeafLog log, long size)
    {
        var batches = new HashSet<Hash32>();
        var accepted = new HashSet<Hash32>();
        var supplies = new SuppliedOnce();
        long timeMs = 0;
        foreach (var leaf in log.ReadRange(1, size))
        {
            if (SealLeaf.TryParse(leaf, out var seal))
            {
                Require(seal.BatchHeader.IsEmpty || batches.Add(Hash32.Sha256(seal.BatchHeader.Span)), $"height {seal.Height}: a batch was applied twice");
                Require(seal.LedgerTimeMs >= timeMs, $"height {seal.Height}: ledger time went back");
                timeMs = seal.LedgerTimeMs;
            }
            else if (EventLeaf.TryParse(leaf, out var e) && e.Outcome == Outcome.Accepted)
            {
                Require(SignedEvent.TryParse(e.Envelope, out var signed, out _) && accepted.Add(signed.EventId), "an event was logged twice");
                Require(supplies.Take(signed!.Event) is null, $"supplied twice: {supplies.Last}");
            }
        }
    }

    /// <summary>Counts units and packs by itself, without the contract's rules.</summary>
    private sealed class SuppliedOnce
    {
        private readonly Dictionary<string, long> _units = [];
        private readonly Dictionary<string, long> _packs = [];

        public string? Last { get; private set; }

        /// <summary>What is supplied twice now, or null.</summary>
        public string? Take(Event act)
        {
            string id = act.PrescriptionId.ToBase64();
            for (int line = 0; line < (act.Issue?.Lines.Count ?? 0); line++)
                _units[$"{id} {line}"] = act.Issue!.Lines[line].Units;
            foreach (var item in act.Dispense?.Items ?? [])
            {
                if ((_units[$"{id} {item.Line}"] -= item.FulfilsUnits) < 0)
                    Last = $"units of line {item.Line} of {id}";
                foreach (var pack in item.Packs)
                {
                    string mac = pack.PackMac.ToBase64();
                    if ((_packs[mac] = _packs.GetValueOrDefault(mac, pack.Content) - pack.Taken) < 0)
                        Last = $"pack {mac}";
                }
            }
            return Last;
        }
    }
}
