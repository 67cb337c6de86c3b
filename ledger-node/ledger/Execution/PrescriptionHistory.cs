using Google.Protobuf;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>The chain over all leaves of one prescription, so that a history shown can be proved complete.</summary>
public static class PrescriptionHistory
{
    /// <summary>chain' = SHA-256(chain 32, leaf hash 32), from 32 zero bytes.</summary>
    public static Hash32 Next(in Hash32 chain, in Hash32 leafHash)
    {
        Span<byte> buffer = stackalloc byte[2 * Hash32.SizeBytes];
        chain.CopyTo(buffer);
        leafHash.CopyTo(buffer[Hash32.SizeBytes..]);
        return Hash32.Sha256(buffer);
    }

    /// <summary>Writes a prescription with one more leaf in its chain.</summary>
    /// <param name="state">The state map.</param>
    /// <param name="head">The block before.</param>
    /// <param name="prescriptionId">16 bytes.</param>
    /// <param name="changed">The new value by the contract, not yet written; null when the event was refused.</param>
    /// <param name="leafHash">Hash of the leaf that holds the event.</param>
    internal static void Extend(
        StateMap state, ChainHead head, ReadOnlySpan<byte> prescriptionId, Prescription? changed, in Hash32 leafHash)
    {
        var known = state.Find<Prescription>(EntityKind.Prescription, prescriptionId);
        if (known is null && changed is null && !RefusedEvents.HasRoom(state, head, EntityKind.Prescription, prescriptionId, Bucket.MaxEntriesByRefusals))
            return;
        var extended = changed ?? known?.Clone() ?? new Prescription();
        var chain = known is null ? default : new Hash32(known.LeafChain.Span);
        extended.LeafChain = ByteString.CopyFrom(Next(chain, leafHash).Span);
        extended.LeafCount = (known?.LeafCount ?? 0) + 1;
        state.Put(EntityKind.Prescription, prescriptionId, extended);
    }
}
