using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Members;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>Knows everything that honest members ever applied, acknowledged, cosigned and published, and what must hold between them.</summary>
internal sealed partial class SimWatch(SimWorld world)
{
    // Logs by what the order shows: it has two faces at most.
    private readonly Dictionary<(bool Face, long Size), (Hash32 Root, Hash32 StateRoot)> _log = [];
    private readonly List<CosignedHead> _heads = [];
    private readonly Dictionary<(bool Face, uint Number), ValidatorSet> _eras = [];
    private readonly Dictionary<CosignedHead, HashSet<string>> _reporters = [];
    private readonly Dictionary<string, CosignedHead> _lastCosigned = [];
    private readonly Dictionary<long, Hash32> _cosigned = [];
    private readonly Dictionary<long, Hash32> _final = [];
    // When the order has two faces, each has its own promises until something is final.
    private readonly Dictionary<Hash32, EventPlace>[] _acknowledged = [[], []];
    private readonly Dictionary<Hash32, EventPlace> _acknowledgedFinal = [];

    /// <summary>Heads that became final.</summary>
    public int Finals => _final.Count;

    /// <summary>The last era whose end became final.</summary>
    public uint ErasEnded { get; private set; }

    /// <summary>An era's last head is final somewhere.</summary>
    public void EraEnded(uint era) => ErasEnded = Math.Max(ErasEnded, era);

    /// <summary>Proofs against liars.</summary>
    public int Proofs { get; private set; }

    private long LargestFinal => _final.Keys.DefaultIfEmpty().Max();

    /// <summary>Some head of some log, for those who lie about it; null before the first.</summary>
    public CosignedHead? RandomHead(Random random) => _heads.Count == 0 ? null : _heads[random.Next(_heads.Count)];

    /// <summary>A block was made: it must be the one that everybody makes who sees this face of the order.</summary>
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
        Require(node.Log.Size >= node.AcknowledgedSize, $"{node.Name} acknowledged size {node.AcknowledgedSize}, and has {node.Log.Size} after a crash");
        Require(MerkleProver.TryRoot(head.Size, node.Log.TryReadNode, out var root) && root == head.Tree.Root, $"{node.Name}: tiles and head differ");
        Require(node.IsDiverged || node.Log.Size == head.Size, $"{node.Name} recovered {head.Size} leaves of {node.Log.Size}");
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
                Cosigned(node, cosigned);
                break;
        }
    }

    /// <summary>A validator that lies reported a head, to somebody.</summary>
    public void LiarReported(string name, CosignedHead head) => ReportersOf(head).Add(name);

    /// <summary>A proof was made: it must hold, and against somebody who lies.</summary>
    public void Accused(EquivocationProof proof)
    {
        Require(EquivocationProof.TryParse(proof.ToBytes(), out var read), "a proof does not parse");
        Require(read!.Holds(FixedNetwork.Origin, out string what), $"a proof does not hold: {what}");
        Require(world.Liars.Any(liar => liar.Name == proof.Validator), $"{proof.Validator} is accused and is honest");
        Proofs++;
    }

    /// <summary>The submitter of an event got its answer, when it was ordered.</summary>
    public void Acknowledged(SimNode node, CheckedEvent e, EventPlace place) => Acknowledge(_acknowledged[node.SeesOtherFace ? 1 : 0], e, place);

    /// <summary>The submitter of an event got its answer, when it was final.</summary>
    public void AcknowledgedFinal(CheckedEvent e, EventPlace place) => Acknowledge(_acknowledgedFinal, e, place);

    /// <summary>A checkpoint was published as final.</summary>
    public void Published(SimNode node, SignedCheckpoint signed)
    {
        var (size, root) = (signed.Checkpoint.Size, signed.Checkpoint.Root);
        var verdict = EraAt(node, size).Quorum.Evaluate(signed);
        Require(verdict.IsSatisfied, $"{node.Name} published a final checkpoint: {verdict.Reason}");
        Require(size > node.FinalSize, $"{node.Name} published final size {size} after {node.FinalSize}");
        Require(RootAt(node, size) == root, $"{node.Name}: final size {size} is not in its log");
        Require(_final.TryAdd(size, root) || _final[size] == root, $"two heads of size {size} are final");
        Require(_final.All(f => f.Key > size || RootAt(node, f.Key) == f.Value), $"{node.Name}: final size {size} has not all final heads before it");
    }

    private void Agree(SimNode node, long size, Hash32 root, Hash32 stateRoot)
    {
        if (_log.TryAdd((node.SeesOtherFace, size), (root, stateRoot)))
            _heads.Add(new CosignedHead(size, root));
        else
            Require(_log[(node.SeesOtherFace, size)] == (root, stateRoot), $"{node.Name} has another log or state at size {size}");
    }

    private void Reported(SimNode node, CosignedHead head)
    {
        Require(RootAt(node, head.Size) == head.Root, $"{node.Name} reports size {head.Size} of another log");
        Require(node.Surviving().LogSize >= head.Size, $"{node.Name} reports size {head.Size}, but its disk may lose it");
        ReportersOf(head).Add(node.Name);
    }

    private HashSet<string> ReportersOf(CosignedHead head)
    {
        if (!_reporters.TryGetValue(head, out var reporters))
            _reporters[head] = reporters = [];
        return reporters;
    }

    private void Cosigned(SimNode node, HeadCosigned cosigned)
    {
        var head = cosigned.Head;
        var (logSize, durable) = node.Surviving();
        Require(durable == head || durable.Size > head.Size, $"{node.Name} cosigned size {head.Size}, but its disk says {durable.Size}");
        Require(logSize >= head.Size, $"{node.Name} cosigned size {head.Size}, but its disk may lose the log beyond {logSize}");
        Require(RootAt(node, head.Size) == head.Root, $"{node.Name} cosigned size {head.Size} of another log");
        var last = _lastCosigned.GetValueOrDefault(node.Name);
        Require(node.WasRestored || head.Size > last.Size || head == last, $"{node.Name} cosigned size {head.Size} after {last.Size}");
        Require(_cosigned.TryAdd(head.Size, head.Root) || _cosigned[head.Size] == head.Root, $"honest members cosigned two heads of size {head.Size}");
        Require(_cosigned.All(c => c.Key > head.Size || RootAt(node, c.Key) == c.Value), $"{node.Name} cosigned size {head.Size}, without a head that was cosigned before");
        var era = EraAt(node, head.Size);
        Require(
            ReportersOf(head) is var reporters && era.IsQuorum(era.Names.Where(reporters.Contains)) && reporters.Contains(node.Name),
            $"{node.Name} cosigned size {head.Size} before a quorum had reported it");
        if (head.Size > last.Size)
            _lastCosigned[node.Name] = head;
    }

    private static void Acknowledge(Dictionary<Hash32, EventPlace> known, CheckedEvent e, EventPlace place)
    {
        var first = place with { Duplicate = false };
        if (place.Outcome == Outcome.Accepted)
        {
            Require(known.TryAdd(e.Signed.EventId, first) || known[e.Signed.EventId] == first,
                $"event {e.Signed.EventId} was acknowledged at two places");
        }
    }

    // As ValidatorSet.At, with each era's keys imported once.
    private ValidatorSet EraAt(SimNode node, long size)
    {
        uint number = node.Executor.State.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network)!.Era;
        while (number > 1 && Era(node, number).FromSize >= size)
            number--;
        return Era(node, number);
    }

    private ValidatorSet Era(SimNode node, uint number)
    {
        if (!_eras.TryGetValue((node.SeesOtherFace, number), out var era))
            _eras[(node.SeesOtherFace, number)] = era = ValidatorSet.Read(node.Executor.State, number);
        return era;
    }

    // The node's own: what it applied was compared with the log of its face.
    private Hash32? RootAt(SimNode node, long size) =>
        size <= node.Log.Size && _log.TryGetValue((node.SeesOtherFace, size), out var known) ? known.Root : null;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new SimViolationException(otherwise);
    }
}
