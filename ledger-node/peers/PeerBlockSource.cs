using System.Runtime.CompilerServices;
using System.Text;
using Grpc.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;
using Wire = RxChain.Protocol.V1;

namespace RxChain.Peers;

/// <summary>Copies from a peer over PeerService.</summary>
internal sealed class PeerBlockSource(PeerLink link) : IBlockSource
{
    /// <inheritdoc/>
    public string Member => link.Member;

    /// <inheritdoc/>
    public async Task<SignedCheckpoint?> ReadFinalAsync(uint era, CancellationToken cancellationToken)
    {
        try
        {
            var response = await link.Client.GetFinalAsync(new Wire.GetFinalRequest { Era = era }, cancellationToken: cancellationToken);
            return SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(response.Checkpoint), out var signed, out string? error)
                ? signed : throw new BlockSourceException($"its final checkpoint is none: {error}", isLie: true);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.FailedPrecondition)
        {
            return null;
        }
        catch (RpcException e)
        {
            throw Failed(e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LeafRun> ReadLeavesAsync(
        long from, long to, long finalSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new Wire.CopyLeavesRequest { From = from, To = to, FinalSize = finalSize };
        using var call = link.Client.CopyLeaves(request, cancellationToken: cancellationToken);
        while (await MoveAsync(call.ResponseStream, cancellationToken).ConfigureAwait(false))
        {
            var run = call.ResponseStream.Current;
            var proof = new Hash32[run.Consistency.Count];
            for (int i = 0; i < proof.Length; i++)
            {
                if (!Hash32.TryCreate(run.Consistency[i].Span, out proof[i]))
                    throw new BlockSourceException($"hash {i} of a consistency proof has {run.Consistency[i].Length} bytes", isLie: true);
            }
            yield return new LeafRun([.. run.Leaves.Select(leaf => leaf.Memory)], proof);
        }
    }

    private static async Task<bool> MoveAsync(IAsyncStreamReader<Wire.CopyLeavesResponse> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed(e);
        }
    }

    private static BlockSourceException Failed(RpcException e) => new($"it does not answer ({e.StatusCode}: {e.Status.Detail})", isLie: false, e);
}
