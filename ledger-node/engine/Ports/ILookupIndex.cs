using RxChain.Ledger;
using RxChain.Prescriptions.State;

namespace RxChain.Engine.Ports;

/// <summary>The leaves that an index has read.</summary>
/// <param name="Size">Their number: everything before this index is known.</param>
/// <param name="LastLeafHash">Leaf hash of the last of them; zero for none. Tells whether the log is still the one that was read.</param>
public sealed record LookupMark(long Size, Hash32 LastLeafHash)
{
    /// <summary>Nothing read.</summary>
    public static LookupMark None { get; } = new(0, default);
}

/// <summary>A leaf that names a prescription.</summary>
public readonly record struct LookupLeaf(ReadOnlyMemory<byte> PrescriptionId, long LeafIndex);

/// <summary>A prescription that changed, as the state has it now.</summary>
public readonly record struct LookupState(ReadOnlyMemory<byte> PrescriptionId, Prescription State);

/// <summary>Which prescriptions to list. Filters that are given must all hold.</summary>
public sealed record LookupQuery
{
    /// <summary>The hospital that issued; empty: any.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The pharmacy that holds the claim at the ledger time; empty: any.</summary>
    public string Holder { get; init; } = "";

    /// <summary>The nominated pharmacy; empty: any.</summary>
    public string Nominee { get; init; } = "";

    /// <summary>The order of repeats; empty: any.</summary>
    public ReadOnlyMemory<byte> GroupId { get; init; }

    /// <summary>Effective status at the ledger time; UNSPECIFIED: any.</summary>
    public PrescriptionStatus Status { get; init; }

    /// <summary>Ledger time in ms at which status and holder are judged.</summary>
    public long LedgerTimeMs { get; init; }

    /// <summary>Only prescriptions whose Issue is at a later leaf than this; -1 for all.</summary>
    public long AfterLeaf { get; init; } = -1;

    /// <summary>Most prescriptions to return, 1 or more.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A page of a listing.</summary>
/// <param name="PrescriptionIds">In the order of issue; may be fewer than the limit while there are more.</param>
/// <param name="Next">What <see cref="LookupQuery.AfterLeaf"/> must be for the next page, or null on the last one.</param>
/// <param name="KnownSize">Leaves that the index had read.</param>
public sealed record LookupPage(IReadOnlyList<byte[]> PrescriptionIds, long? Next, long KnownSize);

/// <summary>
/// Answers what the state map cannot: which leaves name a prescription, which prescriptions somebody has. Fed by a
/// lagging reader of the log (<see cref="LookupReader"/>); never in a block's way; can be deleted and is then rebuilt.
/// One writer; any number of concurrent readers.
/// </summary>
public interface ILookupIndex : IDisposable
{
    /// <summary>What has been read.</summary>
    LookupMark Mark { get; }

    /// <summary>Indexes of the leaves that name a prescription, ascending, and up to which leaf that is complete.</summary>
    (IReadOnlyList<long> Leaves, long KnownSize) FindLeaves(ReadOnlyMemory<byte> prescriptionId);

    /// <summary>Lists prescriptions in the order of issue.</summary>
    LookupPage List(LookupQuery query);

    /// <summary>Adds what the leaves up to the mark say, in one transaction with the mark.</summary>
    void Add(IReadOnlyList<LookupLeaf> leaves, IReadOnlyList<LookupState> changed, LookupMark mark);

    /// <summary>Empties the index.</summary>
    void Reset();
}
