using Google.Protobuf;
using RxChain.Engine;
using RxChain.GrpcApi.Errors;
using RxChain.Ledger;
using RxChain.Ledger.Merkle;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Peers;

/// <summary>Leaves of one CopyLeaves call, run by run, each with its proof.</summary>
internal sealed class LeafRuns
{
    private const long MaxLeaves = 65_536;
    private const int RunBytes = 1 << 20;

    private readonly ILedgerNode _node;
    private readonly long _to;
    private readonly long _finalSize;
    private long _at;

    private LeafRuns(ILedgerNode node, CopyLeavesRequest request) =>
        (_node, _at, _to, _finalSize) = (node, request.From, request.To, request.FinalSize);

    /// <summary>Checks what is asked for.</summary>
    public static LeafRuns Open(ILedgerNode node, CopyLeavesRequest request)
    {
        if (request.From < 0 || request.To <= request.From || request.To - request.From > MaxLeaves || request.FinalSize < request.To)
            throw RpcErrors.Malformed($"from, to, final_size: must be 0 or more, ascending, and at most {MaxLeaves} leaves");
        long final = node.FinalCheckpoint?.Checkpoint.Size ?? 0;
        return request.FinalSize <= final
            ? new LeafRuns(node, request) : throw RpcErrors.NotFinal($"{final} leaves are final here, not {request.FinalSize}");
    }

    /// <summary>The next run, or null after the last.</summary>
    public CopyLeavesResponse? Next()
    {
        if (_at >= _to)
            return null;
        var run = new CopyLeavesResponse();
        int bytes = 0;
        while (_at < _to)
        {
            var leaf = _node.ReadLeaf(_at);
            if (bytes > 0 && bytes + leaf.Length > RunBytes)
                break;
            bytes += leaf.Length;
            run.Leaves.Add(UnsafeByteOperations.UnsafeWrap(leaf));
            _at++;
        }
        if (!MerkleProver.TryProveConsistency(_at, _finalSize, _node.TryReadNode, out var proof))
            throw new InvalidOperationException($"The log lacks a node for a proof from {_at} to {_finalSize}, which is final.");
        run.Consistency.Add(proof.Select(hash => ByteString.CopyFrom(hash.Span)));
        return run;
    }
}
