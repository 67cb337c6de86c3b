using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.Events;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>Knows everything that was ever applied, acknowledged, cosigned and published, and what must hold between them.</summary>
internal sealed class SimWatch
{
    private readonly Dictionary<long, (Hash32 Root, Hash32 StateRoot)> _log = [];
    private readonly Dictionary<long, HashSet<string>> _reporters = [];
    private readonly Dictionary<string, CosignedHead> _cosigned = [];
    private readonly Dictionary<Hash32, EventPlace> _acknowledged = [];
    private long _largestFinal;

    /// <summary>A block was made: it must be the one that everybody makes.</summary>
    public void Applied(SimNode node, ExecutedBlock block)
    {
        var head = node.Executor.Head;
        Agree(node, head.Size, head.Tree.Root, block.Seal.StateRoot);
        Require(block.SizeAfter == head.Size, $"{node.Name} appends size {block.SizeAfter} while its head is at {head.Size}");
    }

    /// <summary>A node has started: nothing it acknowledged is gone, and its state is the one it had.</summary>
    public void Recovered(SimNode node)
    {
        var head = node.Executor.Head;
        Require(node.Log.Size == head.Size, $"{node.Name} recovered {head.Size} leaves of {node.Log.Size}");
        Require(head.Size >= node.AcknowledgedSize, $"{node.Name} acknowledged size {node.AcknowledgedSize}, and has {head.Size} after a crash");
        Require(MerkleProver.TryRoot(head.Size, node.Log.TryReadNode, out var root) && root == head.Tree.Root, $"{node.Name}: tiles and head differ");
        Agree(node, head.Size, head.Tree.Root, node.Executor.State.Root);
    }

    /// <summary>A message leaves: what it says must be true on the disk, whatever happens next.</summary>
    public void Sent(SimNode node, PeerMessage message)
    {
        switch (message)
        {
            case HeadReport report:
                foreach (var head in report.Heads)
                    Reported(node, head);
                break;
            case HeadCosigned cosigned:
                Cosigned(node, cosigned.Head);
                break;
        }
    }

    /// <summary>The submitter of an event got its answer.</summary>
    public void Acknowledged(CheckedEvent e, EventPlace place)
    {
        if (place.Outcome != Outcome.Accepted)
            return;
        var place0 = place with { Duplicate = false };
        Require(_acknowledged.TryAdd(e.Signed.EventId, place0) || _acknowledged[e.Signed.EventId] == place0,
            $"event {e.Signed.EventId} was acknowledged at two places");
    }

    /// <summary>A checkpoint was published as final.</summary>
    public void Published(SimNode node, SignedCheckpoint signed)
    {
        var checkpoint = signed.Checkpoint;
        var verdict = SimEvents.Validators.Quorum.Evaluate(signed);
        Require(verdict.IsSatisfied, $"{node.Name} published a final checkpoint: {verdict.Reason}");
        Require(checkpoint.Size > node.FinalSize, $"{node.Name} published final size {checkpoint.Size} after {node.FinalSize}");
        Require(_log.TryGetValue(checkpoint.Size, out var known) && known.Root == checkpoint.Root, $"{node.Name}: final size {checkpoint.Size} is another log");
        _largestFinal = Math.Max(_largestFinal, checkpoint.Size);
    }

    /// <summary>The end of a run: all logs whole and the same.</summary>
    public void Ended(SimNode[] nodes)
    {
        foreach (var node in nodes)
        {
            Recovered(node);
            Require(node.Log.Size >= _largestFinal, $"{node.Name} lacks what was final");
        }
        CheckLeaves(nodes[0].Log);
        Require(nodes[0].ReplayedStateRoot() == nodes[0].Executor.State.Root, "a replay of the whole log gives another state");
        foreach (var node in nodes)
        {
            foreach (var (id, place) in _acknowledged)
            {
                bool isThere = EventLeaf.TryParse(node.Log.Read(place.LeafIndex), out var leaf) && leaf.Outcome == place.Outcome
                    && SignedEvent.TryParse(leaf.Envelope, out var signed, out _) && signed.EventId == id;
                Require(isThere, $"{node.Name}: leaf {place.LeafIndex} is not the event that was acknowledged there");
            }
        }
    }

    private void Agree(SimNode node, long size, Hash32 root, Hash32 stateRoot)
    {
        if (!_log.TryAdd(size, (root, stateRoot)))
            Require(_log[size] == (root, stateRoot), $"{node.Name} has another log or state at size {size}");
    }

    private void Reported(SimNode node, CosignedHead head)
    {
        Require(_log.TryGetValue(head.Size, out var known) && known.Root == head.Root, $"{node.Name} reports size {head.Size} of another log");
        Require(node.Surviving().LogSize >= head.Size, $"{node.Name} reports size {head.Size}, but its disk may lose it");
        if (!_reporters.TryGetValue(head.Size, out var reporters))
            _reporters[head.Size] = reporters = [];
        reporters.Add(node.Name);
    }

    private void Cosigned(SimNode node, CosignedHead head)
    {
        var (logSize, durable) = node.Surviving();
        Require(durable == head || durable.Size > head.Size, $"{node.Name} cosigned size {head.Size}, but its disk says {durable.Size}");
        Require(logSize >= head.Size, $"{node.Name} cosigned size {head.Size}, but its disk may lose the log beyond {logSize}");
        Require(_log.TryGetValue(head.Size, out var known) && known.Root == head.Root, $"{node.Name} cosigned size {head.Size} of another log");
        var last = _cosigned.GetValueOrDefault(node.Name);
        Require(head.Size > last.Size || head == last, $"{node.Name} cosigned size {head.Size} after {last.Size}");
        Require(
            _reporters.TryGetValue(head.Size, out var reporters) && SimEvents.Validators.IsQuorum(reporters) && reporters.Contains(node.Name),
            $"{node.Name} cosigned size {head.Size} before a quorum had reported it");
        _cosigned[node.Name] = head;
    }

    private static void CheckLeaves(ILeafLog log)
    {
        var batches = new HashSet<Hash32>();
        var accepted = new HashSet<Hash32>();
        long timeMs = 0;
        foreach (var leaf in log.ReadRange(1, log.Size))
        {
            if (SealLeaf.TryParse(leaf, out var seal))
            {
                Require(batches.Add(Hash32.Sha256(seal.BatchHeader.Span)), $"height {seal.Height}: a batch was applied twice");
                Require(seal.LedgerTimeMs >= timeMs, $"height {seal.Height}: ledger time went back");
                timeMs = seal.LedgerTimeMs;
            }
            else if (EventLeaf.TryParse(leaf, out var e) && e.Outcome == Outcome.Accepted)
            {
                Require(SignedEvent.TryParse(e.Envelope, out var signed, out _) && accepted.Add(signed.EventId), "an event was logged twice");
            }
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new SimViolationException(otherwise);
    }
}
