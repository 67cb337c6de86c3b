using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine;
using RxChain.GrpcApi.Access;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Ports;
using RxChain.GrpcApi.Reading;
using RxChain.Ledger;
using RxChain.Ledger.Merkle;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using Commitment = RxChain.Engine.Commitment;

namespace RxChain.GrpcApi;

/// <summary>LedgerService on a node.</summary>
internal sealed class LedgerRpcs(ILedgerNode node, IServerHealth? server = null) : LedgerService.LedgerServiceBase
{
    private const int MaxLeaves = 256;
    private const int MaxLeavesBytes = 3 << 20;

    public override Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        var status = node.Status;
        var response = new GetStatusResponse
        {
            Member = status.Member,
            Network = status.Origin,
            Height = status.Height,
            Size = status.Size,
            Root = Bytes(status.Root),
            FinalSize = status.FinalSize,
            CosignedSize = status.CosignedSize,
            LedgerTimeMs = status.LedgerTimeMs,
            CopyTarget = status.CopyTarget,
        };
        if (context.GetHttpContext().Caller()!.Roles.Any(role => role is ClientRole.Admin or ClientRole.Auditor))
            AddWhatOperatorsSee(response, status);
        return Task.FromResult(response);
    }

    public override Task<GetCheckpointResponse> GetCheckpoint(GetCheckpointRequest request, ServerCallContext context) =>
        Task.FromResult(new GetCheckpointResponse
        {
            Checkpoint = node.FinalCheckpoint?.Note.ToString() ?? throw RpcErrors.NotFinal("there is no final head yet"),
        });

    public override async Task<GetReceiptResponse> GetReceipt(GetReceiptRequest request, ServerCallContext context)
    {
        if (request.LeafIndex < 0 || (request.LeafIndex >= node.Status.Size && !request.Wait))
            throw RpcErrors.BeyondLog($"leaf {request.LeafIndex} is not on this ledger");
        if (request.Wait)
            await node.WaitBeyondAsync(request.LeafIndex, Commitment.Final, context.CancellationToken);
        var receipt = node.CreateReceipt(request.LeafIndex)
            ?? throw RpcErrors.NotFinal($"leaf {request.LeafIndex} is not final yet");
        return new GetReceiptResponse { Receipt = receipt.ToString() };
    }

    public override Task<GetLeavesResponse> GetLeaves(GetLeavesRequest request, ServerCallContext context)
    {
        long size = node.Status.Size;
        if (request.FirstIndex < 0 || request.FirstIndex >= size)
            throw RpcErrors.BeyondLog($"leaf {request.FirstIndex} is not on this ledger");
        if (request.MaxCount is < 0 or > MaxLeaves)
            throw RpcErrors.Malformed($"max_count: must be 0 to {MaxLeaves}");
        var reply = new GetLeavesResponse();
        long end = Math.Min(size, request.FirstIndex + Math.Max(1, request.MaxCount));
        int bytes = 0;
        for (long at = request.FirstIndex; at < end; at++)
        {
            var leaf = node.ReadLeaf(at);
            bytes += leaf.Length;
            if (bytes > MaxLeavesBytes)
                break;
            reply.Leaves.Add(UnsafeByteOperations.UnsafeWrap(leaf));
        }
        return Task.FromResult(reply);
    }

    public override Task<GetInclusionProofResponse> GetInclusionProof(
        GetInclusionProofRequest request, ServerCallContext context)
    {
        long size = TreeSize(request.TreeSize);
        if (!MerkleProver.TryProveInclusion(request.LeafIndex, size, node.TryReadNode, out var path)
            || !node.TryReadNode(0, request.LeafIndex, out var leafHash))
            throw RpcErrors.BeyondLog($"leaf {request.LeafIndex} is not in the tree of size {size}");
        return Task.FromResult(new GetInclusionProofResponse
        {
            Hashes = { path.Select(hash => Bytes(hash)) },
            LeafHash = Bytes(leafHash),
            TreeSize = size,
        });
    }

    public override Task<GetConsistencyProofResponse> GetConsistencyProof(
        GetConsistencyProofRequest request, ServerCallContext context)
    {
        long newSize = TreeSize(request.NewSize);
        if (!MerkleProver.TryProveConsistency(request.OldSize, newSize, node.TryReadNode, out var path))
            throw RpcErrors.BeyondLog($"there is no tree of size {request.OldSize} in the one of size {newSize}");
        return Task.FromResult(new GetConsistencyProofResponse
        {
            Hashes = { path.Select(hash => Bytes(hash)) },
            NewSize = newSize,
        });
    }

    public override Task<StateProof> GetStateProof(GetStateProofRequest request, ServerCallContext context) =>
        Task.FromResult(StateProofs.Create(node, request.Kind, request.Id));

    public override Task<GetGenesisResponse> GetGenesis(GetGenesisRequest request, ServerCallContext context) =>
        Task.FromResult(new GetGenesisResponse
        {
            Leaf = UnsafeByteOperations.UnsafeWrap(node.ReadLeaf(0)),
            Network = node.Genesis.Origin,
            Quorum = node.Genesis.QuorumText,
        });

    public override Task<GetPolicyResponse> GetPolicy(GetPolicyRequest request, ServerCallContext context)
    {
        var read = node.ReadState<Policy>(EntityKind.Policy, EntityIds.Policy.ToArray());
        return Task.FromResult(new GetPolicyResponse { Policy = read.Value, Size = read.Size });
    }

    public override Task<GetNetworkResponse> GetNetwork(GetNetworkRequest request, ServerCallContext context) =>
        Task.FromResult(NetworkView.Read(node));

    public override Task<ListEquivocationsResponse> ListEquivocations(ListEquivocationsRequest request, ServerCallContext context)
    {
        var response = new ListEquivocationsResponse();
        KeptEvidence.AddTo(response.Proofs, node, request.Skip);
        return Task.FromResult(response);
    }

    private void AddWhatOperatorsSee(GetStatusResponse response, NodeStatus status)
    {
        response.Alarms.Add(status.Alarms);
        response.Peers.Add(status.Peers.Select(p => new PeerState { Member = p.Member, Connected = p.Connected, HeadSize = p.HeadSize }));
        response.OrderingProblems.Add(status.OrderingProblems);
        if (server is null)
            return;
        response.Alarms.Add(server.Alarms);
        response.Certificates.Add(server.Certificates.Select(certificate => new CertificateState
        {
            Name = certificate.Name,
            NotAfterMs = certificate.NotAfter.ToUnixTimeMilliseconds(),
            DaysLeft = certificate.DaysLeft,
        }));
    }

    private long TreeSize(long asked)
    {
        var status = node.Status;
        long size = asked == 0 ? status.FinalSize : asked;
        return size >= 0 && size <= status.Size
            ? size : throw RpcErrors.BeyondLog($"this node has {status.Size} leaves, not {size}");
    }

    private static ByteString Bytes(in Hash32 hash) => ByteString.CopyFrom(hash.Span);
}
