using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Engine;

namespace RxChain.GrpcApi.Reading;

/// <summary>The equivocation proofs that a node keeps, as peers and clients get them.</summary>
internal static class KeptEvidence
{
    private const int MaxBytes = 3 << 20;

    /// <summary>Adds proofs, oldest first, after those that the caller has: as many as fit into 3 MiB. One always fits.</summary>
    public static void AddTo(RepeatedField<ByteString> proofs, ILedgerNode node, uint skip)
    {
        int bytes = 0;
        proofs.Add(node.Evidence.Skip((int)Math.Min(skip, int.MaxValue))
            .Select(proof => UnsafeByteOperations.UnsafeWrap(proof.ToBytes()))
            .TakeWhile(proof => (bytes += proof.Length) <= MaxBytes));
    }
}
