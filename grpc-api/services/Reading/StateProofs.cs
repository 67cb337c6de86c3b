using Google.Protobuf;
using RxChain.Engine;
using RxChain.GrpcApi.Errors;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Reading;

/// <summary>Proves entries of the state under the last final head.</summary>
internal static class StateProofs
{
    private const int MaxIdBytes = 128;

    /// <summary>The proof, with the seal that holds the state root and the seal's receipt under the same head.</summary>
    public static StateProof Create(ILedgerNode node, EntityKind kind, ByteString id)
    {
        if (kind == EntityKind.Unspecified || !Enum.IsDefined(kind))
            throw RpcErrors.Malformed("kind: not a kind of entry");
        if (id.Length > MaxIdBytes)
            throw RpcErrors.Malformed($"id: {id.Length} bytes, more than {MaxIdBytes}");
        var proven = node.ProveState(kind, id.Memory) ?? throw RpcErrors.NotFinal("there is no final head yet");
        return new StateProof
        {
            Kind = kind,
            Id = id,
            Present = proven.Value is not null,
            Value = UnsafeByteOperations.UnsafeWrap(proven.Value),
            Proof = UnsafeByteOperations.UnsafeWrap(proven.Proof.ToArray()),
            Seal = UnsafeByteOperations.UnsafeWrap(node.ReadLeaf(proven.SealIndex)),
            SealReceipt = SealReceipt(node, proven).ToString(),
        };
    }

    private static TlogProof SealReceipt(ILedgerNode node, ProvenState proven) =>
        MerkleProver.TryProveInclusion(proven.SealIndex, proven.Checkpoint.Checkpoint.Size, node.TryReadNode, out var path)
            ? new TlogProof(proven.SealIndex, path, proven.Checkpoint)
            : throw new InvalidOperationException($"Seal {proven.SealIndex} is not below the head that was proven.");
}
