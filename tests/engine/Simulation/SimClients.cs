using RxChain.Engine.Core;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>Whoever puts batches into the order: validators that are up, and others that should not.</summary>
internal sealed class SimClients(SimWorld world, Random random)
{
    private readonly Dictionary<string, long> _lastClockMs = [];
    private readonly Queue<CheckedEvent> _votes = new(world.Options.Changes.SelectMany(kind => SimChange.Of(world.Options.Validators, kind)));
    private int _next;

    /// <summary>Puts something.</summary>
    public void Put()
    {
        var up = world.Nodes.Where(n => n.IsUp).ToArray();
        if (up.Length == 0)
            return;
        var proposer = up[random.Next(up.Length)];
        var liar = world.Liars.Count > 0 ? world.Liars[random.Next(world.Liars.Count)] : null;
        switch (world.Options.HostilePuts ? random.Next(14) : random.Next(6))
        {
            default:
                Propose(proposer, Fresh());
                break;
            case 5:
                Propose(proposer, []);
                break;
            case 6 or 7 when world.Order.Count > 0:
                world.Order.Put(world.Order.Bytes(random.Next(world.Order.Count)));
                break;
            case 8:
                Propose(proposer, [SimEvents.Pool[random.Next(SimEvents.Pool.Count)], .. Fresh()]);
                break;
            case 9:
                Garbage();
                break;
            case 10:
                Propose(proposer, Fresh(), h => h with { Proposer = "stranger.example" });
                break;
            case 11 when liar is not null:
                Propose(proposer, Fresh(), h => h with { Proposer = liar.Name, BaseHeight = Math.Max(0, h.BaseHeight + random.Next(-12, 3)) });
                break;
            case 12 when liar is not null:
                Propose(proposer, [.. Fresh(), SimEvents.BadlySigned], h => h with { Proposer = liar.Name });
                break;
            case 13 when liar is not null:
                Propose(proposer, Fresh(), h => h with { Proposer = liar.Name, Epoch = h.Epoch + 1 });
                break;
        }
    }

    private CheckedEvent[] Fresh()
    {
        if (_votes.Count > 0 && random.Next(2) == 0)
            return [.. Enumerable.Range(0, Math.Min(_votes.Count, random.Next(1, 6))).Select(_ => _votes.Dequeue())];
        var events = SimEvents.Pool.Skip(_next).Take(random.Next(1, 4)).ToArray();
        _next += events.Length;
        return events.Length > 0 ? events : [SimEvents.Pool[random.Next(SimEvents.Pool.Count)]];
    }

    private void Garbage()
    {
        byte[] bytes = world.Order.Count > 0 && random.Next(2) == 0
            ? [.. world.Order.Bytes(random.Next(world.Order.Count))] : new byte[random.Next(1, 200)];
        bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
        world.Order.Put(bytes);
    }

    private void Propose(SimNode proposer, CheckedEvent[] events, Func<BatchHeader, BatchHeader>? spoil = null)
    {
        var head = proposer.Executor.Head;
        long clockMs = Math.Max(_lastClockMs.GetValueOrDefault(proposer.Name) + 1, world.ClockOf(proposer));
        _lastClockMs[proposer.Name] = clockMs;
        var header = new BatchHeader
        {
            Network = FixedNetwork.Origin,
            Epoch = head.Epoch,
            BaseHeight = head.Height,
            BaseSealHash = head.SealHash,
            ClockMs = clockMs,
            Proposer = proposer.Name,
            EnvelopeHashes = [.. events.Select(e => e.Signed.EnvelopeHash)],
        };
        byte[] headerBytes = Sign(spoil is null ? header : spoil(header), proposer.Identity);
        world.Order.Put(Batch.Encode(headerBytes, [.. events.Select(e => e.Signed.Bytes)]));
        proposer.Proposed(headerBytes);
    }

    // A liar signs with its own key what it says; no other key can be had.
    private static byte[] Sign(BatchHeader header, ValidatorIdentity proposer)
    {
        byte[] unsigned = header.UnsignedBytes();
        var key = header.Proposer == proposer.Name ? proposer.NodeKey : SimNetwork.Identity(header.Proposer, header.Proposer).NodeKey;
        return [.. unsigned, .. key.Sign(BatchHeader.SignedBytes(unsigned))];
    }
}
