using RxChain.Ledger;
using RxChain.Prescriptions;
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

/// <summary>A prescription as of a leaf.</summary>
/// <param name="PrescriptionId">16 bytes.</param>
/// <param name="State">What the acts up to that leaf made of it. Not to be changed.</param>
/// <param name="NextLapseMs">Ledger time when something about it ends next; <see cref="long.MaxValue"/>: nothing will.</param>
public sealed record LookupState(ReadOnlyMemory<byte> PrescriptionId, Prescription State, long NextLapseMs);

/// <summary>Something ended at a seal: see <see cref="Lapse"/>.</summary>
/// <param name="SealLeaf">The first seal whose ledger time is not before the lapse's moment.</param>
/// <param name="Place">Place among the notices of that seal, from 0.</param>
/// <param name="PrescriptionId">16 bytes.</param>
/// <param name="Issuer">The hospital that issued it, or empty.</param>
/// <param name="Lapse">What ended.</param>
public sealed record LookupNotice(
    long SealLeaf, int Place, ReadOnlyMemory<byte> PrescriptionId, string Issuer, Lapse Lapse);

/// <summary>What a stretch of the log says, up to a seal.</summary>
/// <param name="Leaves">Leaves that name prescriptions.</param>
/// <param name="States">Prescriptions that changed, as of the mark.</param>
/// <param name="Notices">What ended meanwhile.</param>
/// <param name="Mark">What has been read then.</param>
public sealed record LookupAddition(
    IReadOnlyList<LookupLeaf> Leaves, IReadOnlyList<LookupState> States, IReadOnlyList<LookupNotice> Notices, LookupMark Mark);

/// <summary>Which prescriptions to list. Filters that are given must all hold.</summary>
public sealed record LookupQuery
{
    /// <summary>The hospital that issued; empty: any.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The pharmacy that holds the claim at the ledger time; empty: any.</summary>
    public string Holder { get; init; } = "";

    /// <summary>The nominated pharmacy; empty: any.</summary>
    public string Nominee { get; init; } = "";

    /// <summary>A pharmacy that supplied something, reversed or not; empty: any.</summary>
    public string Dispenser { get; init; } = "";

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
/// Answers what the state map cannot: which leaves name a prescription, which prescriptions somebody has, what ended when.
/// Its content follows from the leaves up to its mark and from nothing else. Fed by a lagging reader of the log (<see cref="LookupReader"/>); never in a block's way; can be deleted and is then rebuilt.
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

    /// <summary>A prescription as of the mark, or null.</summary>
    Prescription? FindState(ReadOnlyMemory<byte> prescriptionId);

    /// <summary>The first <see cref="LookupState.NextLapseMs"/> after a ledger time, as of the mark; <see cref="long.MaxValue"/>: none.</summary>
    long NextLapseAfter(long ledgerTimeMs);

    /// <summary>Prescriptions whose <see cref="LookupState.NextLapseMs"/> is after a ledger time and not after another, as of the mark.</summary>
    IReadOnlyList<LookupState> FindLapsing(long afterMs, long untilMs);

    /// <summary>Notices of one seal from a place on, in their order.</summary>
    IReadOnlyList<LookupNotice> FindNotices(long sealLeaf, int fromPlace, int limit);

    /// <summary>Completes when more than <paramref name="size"/> leaves have been read; returns how many.</summary>
    Task<long> WaitBeyondAsync(long size, CancellationToken cancellationToken);

    /// <summary>Adds what was read, in one transaction with the mark.</summary>
    void Add(LookupAddition addition);

    /// <summary>Empties the index.</summary>
    void Reset();
}
