using System.Buffers.Binary;
using System.Text;
using RxChain.Auditor.Findings;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Auditor.Replay;

/// <summary>A block that the rules made again as the log has it.</summary>
internal sealed record ReplayedBlock(SealLeaf Seal, IReadOnlyList<ParsedLeaf> Events);

/// <summary>
/// Makes every block again with the rules and compares it with the log, taking signatures as valid and leaving them to
/// <see cref="SignatureChecks"/>. Sequential; after a finding it cannot go on.
/// </summary>
internal sealed class BlockReplay(string origin, Action<long, StateMap>? applied = null) : IDisposable
{
    private const long CacheBytes = 16 << 20;
    private const int MaxDirtyBuckets = 8_192;

    private readonly ChainHead _head = new();
    private readonly ReplayKeys _keys = new();
    private readonly List<ParsedLeaf> _open = [];
    private ScratchBuckets? _scratch;
    private BlockExecutor? _executor;
    private ExecutedBlock? _first;
    private long _openBytes;

    /// <summary>Index of the next leaf.</summary>
    public long Next { get; private set; }

    /// <summary>Where the log stands after the last whole block.</summary>
    public ChainHead Head => _head;

    /// <summary>The state after the last whole block; null before the genesis.</summary>
    public StateMap? State => _executor?.State;

    /// <summary>
    /// Takes the next leaf. <paramref name="block"/> is set when it closed a block; that block's signatures are then in
    /// <paramref name="checks"/>, unless that is null because they were verified before.
    /// </summary>
    public Finding? Add(ParsedLeaf leaf, SignatureChecks? checks, out ReplayedBlock? block)
    {
        block = null;
        long index = Next++;
        if (leaf.Fault is not null)
            return Finding.Tampered("grammar", leaf.Fault, index);
        if (index == 0)
            return Begin(leaf);
        _open.Add(leaf);
        _openBytes += leaf.Bytes.Length;
        if (leaf.Seal is null)
            return _openBytes <= 2 * Batch.MaxSizeBytes ? null : TooLong();
        var finding = leaf.Seal.Height == 0 || _first is not null ? CloseFirst()
            : _open is [{ Recovery: { } record }, _] ? CloseRecovery(record)
            : Close(leaf.Seal, leaf.Header, checks);
        block = finding is null ? new ReplayedBlock(leaf.Seal, [.. _open.Where(l => l.Event is not null)]) : null;
        _open.Clear();
        _openBytes = 0;
        return finding;
    }

    public void Dispose() => _scratch?.Dispose();

    private Finding? Begin(ParsedLeaf leaf)
    {
        var bytes = leaf.Bytes.Span;
        if (bytes.Length >= 6 && bytes[1] == (byte)LeafKind.Genesis)
        {
            uint version = BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);
            if (Contracts.ForVersion(version) is null)
                return Finding.CannotEvaluate("contract", $"contract version {version} is not known to this program", 0);
        }
        if (!GenesisLeaf.TryParse(leaf.Bytes, out var genesis, out string error))
            return Finding.Tampered("genesis", error, 0, 0);
        if (genesis.Origin != origin)
            return Finding.Tampered("genesis", $"begins the network {genesis.Origin}, but the checkpoint is of {origin}", 0, 0);
        int bucketBits = (int)genesis.Policy.BucketBits;
        _scratch = new ScratchBuckets(bucketBits);
        _executor = new BlockExecutor(new StateMap(bucketBits, _scratch, CacheBytes), _head);
        if (applied is not null)
            _executor.Applied = leafIndex => applied(leafIndex, _executor.State);
        _first = _executor.Begin(genesis);
        _open.Add(leaf);
        return null;
    }

    private Finding? CloseFirst()
    {
        if (_first is null || _open.Count != _first.Leaves.Count)
            return Finding.Tampered("block", "the genesis must be followed by its seal, and by no other of height 0", Next - 1, 0);
        var finding = BlockComparison.CompareLeaves(_first, _open);
        _first = null;
        return finding;
    }

    private Finding? CloseRecovery(RecoveryLeaf record) => _executor!.Recover(record, out string reason) is { } rebuilt
        ? BlockComparison.CompareLeaves(rebuilt, _open)
        : Finding.Tampered("recovery", reason, Next - 2, _head.Height + 1);

    private Finding? Close(SealLeaf seal, BatchHeader? header, SignatureChecks? checks)
    {
        var events = _open[..^1];
        if (header is null || events.Any(e => e.Event is null))
            return Finding.Tampered("block", "a block other than the genesis' and a recovery's has a batch header, and events alone", Next - 1, _head.Height + 1);
        if (seal.OrderingPosition <= _head.OrderingPosition)
            return Finding.Tampered("seal", $"ordering position {seal.OrderingPosition} does not come after {_head.OrderingPosition}", Next - 1, _head.Height + 1);
        if (seal.BatchHeader.Length + events.Sum(e => e.Event!.Signed.Bytes.Length) > Batch.MaxSizeBytes)
            return TooLong();
        var finding = CollectSignatures(seal, header, events, checks) ?? Rebuild(seal, events);
        if (_executor!.State.DirtyCount > MaxDirtyBuckets)
            Spill();
        return finding;
    }

    private Finding? Rebuild(SealLeaf seal, List<ParsedLeaf> events)
    {
        long height = _head.Height + 1;
        try
        {
            var rebuilt = _executor!.Rebuild(seal, [.. events.Select(e => e.Event!)], out string reason, headerVerified: true);
            return rebuilt is not null
                ? BlockComparison.CompareLeaves(rebuilt, _open)
                : Finding.Tampered("block", reason, Next - 1, height);
        }
        catch (NotSupportedException e)
        {
            return Finding.CannotEvaluate("contract", e.Message, Next - 1);
        }
    }

    private Finding? CollectSignatures(SealLeaf seal, BatchHeader header, List<ParsedLeaf> events, SignatureChecks? checks)
    {
        long firstLeaf = Next - _open.Count;
        var state = _executor!.State;
        for (int i = 0; i < events.Count; i++)
        {
            var signed = events[i].Event!.Signed;
            var keys = new Lazy<P256PublicKey?>[signed.SignatureCount];
            for (int k = 0; k < keys.Length; k++)
            {
                if (_keys.FindSigner(state, signed.Event.KeyIds[k]) is not { } key)
                    return Finding.Tampered("signature", $"key {Convert.ToHexStringLower(signed.Event.KeyIds[k].Span)} was never registered", firstLeaf + i, _head.Height + 1);
                keys[k] = key;
            }
            checks?.Add(firstLeaf + i, signed, keys);
        }
        // A proposer without a node key is for the rules to refuse.
        if (state.Find<Organisation>(EntityKind.Organisation, Encoding.UTF8.GetBytes(header.Proposer)) is { NodeKey.IsEmpty: false } proposer)
            checks?.Add(Next - 1, seal.Height, seal.BatchHeader, header.Proposer, _keys.Node(proposer.NodeKey));
        return null;
    }

    private Finding TooLong() =>
        Finding.Tampered("block", $"header and envelopes are more than the {Batch.MaxSizeBytes} bytes of a batch", Next - 1, _head.Height + 1);

    private void Spill()
    {
        _scratch!.Write(_executor!.State.Freeze().Encode());
        _executor.State.Thaw();
    }
}
