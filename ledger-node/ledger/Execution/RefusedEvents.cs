using RxChain.Ledger.Envelopes;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>
/// Remembers refused events, so that the same event again gets its first outcome and is logged once. Forgotten ones are
/// deleted when their bucket is written to again, so that refusals do not fill it (docs/FORMAT.md, section 8).
/// </summary>
internal static class RefusedEvents
{
    public static bool IsForgotten(Refused refused, long ledgerTimeMs, long height) =>
        ledgerTimeMs > refused.KeepUntilMs && height > (long)refused.KeepUntilHeight;

    // An act older than the longest age is refused for it, so a later replay of a forgotten event cannot be accepted.
    public static void Remember(
        StateMap state, ChainHead head, SignedEvent signed, Outcome outcome, long leafIndex, long ledgerTimeMs, Policy policy)
    {
        DeleteForgotten(state, head, EntityKind.Refused, signed.EventId.Span);
        if (state.IsFull(EntityKind.Refused, signed.EventId.Span, Bucket.MaxEntriesByRefusals))
            return;
        state.Put(EntityKind.Refused, signed.EventId.Span, new Refused
        {
            Outcome = outcome,
            LeafIndex = (ulong)leafIndex,
            KeepUntilMs = Math.Max(signed.Event.TimeMs, ledgerTimeMs) + ActKinds.LongestAgeMs(signed.Event, policy),
            KeepUntilHeight = (ulong)(head.Height + 1 + policy.BaseWindowHeights),
        });
    }

    /// <summary>True when the bucket of this entry holds it or takes it, if need be without the refusals that are forgotten.</summary>
    public static bool HasRoom(StateMap state, ChainHead head, EntityKind kind, ReadOnlySpan<byte> id, int maxEntries)
    {
        if (!state.IsFull(kind, id, maxEntries))
            return true;
        DeleteForgotten(state, head, kind, id);
        return !state.IsFull(kind, id, maxEntries);
    }

    // By the block before, as for duplicates: within a block nothing is forgotten.
    private static void DeleteForgotten(StateMap state, ChainHead head, EntityKind kind, ReadOnlySpan<byte> id) =>
        state.DeleteInBucket(kind, id, value => TryRead(value, out ulong untilMs, out ulong untilHeight)
            && head.LedgerTimeMs > (long)untilMs && head.Height > (long)untilHeight);

    // An entry does not tell its kind, but only a Refused is these four numbers, none of them 0, and nothing more.
    private static bool TryRead(ReadOnlySpan<byte> value, out ulong untilMs, out ulong untilHeight)
    {
        (untilMs, untilHeight) = (0, 0);
        return Number(ref value, Refused.OutcomeFieldNumber, out _) && Number(ref value, Refused.LeafIndexFieldNumber, out _)
            && Number(ref value, Refused.KeepUntilMsFieldNumber, out untilMs)
            && Number(ref value, Refused.KeepUntilHeightFieldNumber, out untilHeight) && value.IsEmpty;
    }

    // One varint field of the protobuf encoding.
    private static bool Number(ref ReadOnlySpan<byte> rest, int field, out ulong number)
    {
        number = 0;
        if (rest.IsEmpty || rest[0] != field << 3)
            return false;
        for (int at = 1; at < rest.Length && at <= 10; at++)
        {
            number |= (ulong)(rest[at] & 0x7f) << (7 * (at - 1));
            if (rest[at] >= 0x80)
                continue;
            rest = rest[(at + 1)..];
            return true;
        }
        return false;
    }
}
