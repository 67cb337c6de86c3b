using RxChain.Ledger;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;

namespace RxChain.SystemTests.Audit;

/// <summary>
/// A log that lies together with its validators: changes some leaves, and then makes everything above them fit again,
/// with batch headers, hash chain, tree roots and a quorum's cosignatures. Only what the rules say still differs.
/// </summary>
internal sealed class Forgery(IReadOnlyList<byte[]> honest)
{
    private readonly MerkleFrontier _tree = new();
    private readonly List<Hash32> _seals = [];
    private readonly List<byte[]> _forged = [];

    /// <summary>What becomes of an event leaf.</summary>
    public Func<int, byte[], byte[]> Event { get; init; } = (_, leaf) => leaf;

    /// <summary>What becomes of a seal, once it fits.</summary>
    public Func<SealLeaf, SealLeaf> Seal { get; init; } = seal => seal;

    /// <summary>What becomes of a batch header before it is signed.</summary>
    public Func<BatchHeader, BatchHeader> Header { get; init; } = header => header;

    /// <summary>What becomes of the record of a new epoch, once it fits.</summary>
    public Func<RecoveryLeaf, RecoveryLeaf> Record { get; init; } = record => record;

    /// <summary>Who signs the header.</summary>
    public Func<BatchHeader, string> Signer { get; init; } = header => header.Proposer;

    /// <summary>The forged log's files, cosigned by these validators.</summary>
    public SortedDictionary<string, byte[]> Files(params string[] validators)
    {
        var leaves = Leaves();
        var checkpoint = new Checkpoint(FixedNetwork.Origin, leaves.Count, _tree.Root);
        return SampleLedger.Files(leaves, FixedNetwork.Sign(checkpoint, 1_800_000_000, validators.Length > 0 ? validators : FixedNetwork.Validators[..3]));
    }

    private List<byte[]> Leaves()
    {
        var block = new List<byte[]>();
        for (int i = 0; i < honest.Count; i++)
        {
            if (!SealLeaf.TryParse(honest[i], out var seal))
            {
                byte[] leaf = RecoveryLeaf.TryParse(honest[i], out var record) ? Recovery(record).ToArray()
                    : i == 0 ? honest[i] : Event(i, honest[i]);
                block.Add(leaf);
                Add(leaf);
                continue;
            }
            byte[] forged = Forge(seal, block).ToArray();
            Add(forged);
            _seals.Add(Rfc6962.LeafHash(forged));
            block.Clear();
        }
        return _forged;
    }

    private RecoveryLeaf Recovery(RecoveryLeaf record) => Record(TestLedger.Recovery(record.Epoch, _tree.Size, _tree.Root));

    private void Add(byte[] leaf)
    {
        _forged.Add(leaf);
        _tree.Append(Rfc6962.LeafHash(leaf));
    }

    private SealLeaf Forge(SealLeaf seal, List<byte[]> block)
    {
        var fitting = seal with
        {
            PreviousSealHash = _seals.LastOrDefault(),
            TreeRoot = _tree.Root,
            FirstLeaf = _tree.Size - block.Count,
            EventCount = block.Count,
        };
        if (BatchHeader.TryParse(seal.BatchHeader, out var header))
        {
            var envelopes = block.Select(leaf => Hash32.Sha256(leaf.AsSpan(4))).ToList();
            foreach (var skipped in seal.Skipped)
                envelopes.Insert(skipped.Place, skipped.EnvelopeHash);
            header = Header(header with { BaseSealHash = _seals[(int)header.BaseHeight], EnvelopeHashes = envelopes });
            fitting = fitting with { BatchHeader = TestLedger.SignHeader(header, Signer(header)) };
        }
        return Seal(fitting);
    }
}
