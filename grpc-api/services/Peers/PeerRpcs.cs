using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Hosting;
using RxChain.GrpcApi.Ports;
using RxChain.GrpcApi.Reading;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Peers;

/// <summary>PeerService on a node.</summary>
internal sealed class PeerRpcs(ILedgerNode node, IPeerInbox inbox, IPeerIdentity identity, PeerSeats seats, Streams streams)
    : PeerService.PeerServiceBase
{
    /// <summary>Longest message of a peer: a report of as many heads as there may be.</summary>
    public const int MaxMessageBytes = 256 << 10;

    public override async Task<ExchangeResponse> Exchange(IAsyncStreamReader<ExchangeRequest> requestStream, ServerCallContext context)
    {
        string member = Caller(context);
        var seat = seats.Of(member);
        using var ends = seat.BeginExchange(context.CancellationToken);
        // The caller learns that it is connected.
        await context.WriteResponseHeadersAsync([]);
        try
        {
            while (await requestStream.MoveNext(ends.Token))
            {
                await seat.TakeTurnAsync(requestStream.Current.Report?.Heads.Count ?? 0, ends.Token);
                if (ExchangeReader.Read(member, node.Member, requestStream.Current) is not { } message)
                {
                    inbox.Report(member, "a message that does not follow peers.proto; its call was ended");
                    throw RpcErrors.Malformed("the message does not follow peers.proto");
                }
                inbox.Receive(message);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The peer has called again, or is gone.
        }
        return new ExchangeResponse();
    }

    public override Task<GetFinalResponse> GetFinal(GetFinalRequest request, ServerCallContext context)
    {
        Caller(context);
        var checkpoint = (request.Era > 0 ? node.FindEraEnd(request.Era) : null) ?? node.FinalCheckpoint ?? throw RpcErrors.NotFinal("there is no final head yet");
        return Task.FromResult(new GetFinalResponse { Checkpoint = checkpoint.Note.ToString() });
    }

    public override async Task CopyLeaves(
        CopyLeavesRequest request, IServerStreamWriter<CopyLeavesResponse> responseStream, ServerCallContext context)
    {
        string member = Caller(context);
        var runs = LeafRuns.Open(node, request);
        var seat = seats.Of(member);
        if (!seat.TryBeginCopy())
            throw RpcErrors.Exception(StatusCode.ResourceExhausted, "BUSY", "this peer copies as much as it may at once; try again later");
        try
        {
            await streams.RunAsync(responseStream, context, async (responses, ends) =>
            {
                while (!ends.IsCancellationRequested && runs.Next() is { } run)
                    await responses.WriteAsync(run);
            });
        }
        finally
        {
            seat.EndCopy();
        }
    }

    public override Task<ListEvidenceResponse> ListEvidence(ListEvidenceRequest request, ServerCallContext context)
    {
        Caller(context);
        var response = new ListEvidenceResponse();
        KeptEvidence.AddTo(response.Proofs, node, request.Skip);
        return Task.FromResult(response);
    }

    private string Caller(ServerCallContext context) => identity.MemberAt(context.GetHttpContext())
        ?? throw RpcErrors.Exception(StatusCode.Unauthenticated, "NOT_A_PEER", "this node's configuration names no peer that this connection belongs to");
}
