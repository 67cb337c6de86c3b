using System.Runtime.CompilerServices;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine.Ports;
using RxChain.Ordering.Etcd.Wire;

namespace RxChain.Ordering.Etcd;

/// <summary>Follows the network's prefix at any ordering member.</summary>
internal sealed class EtcdReader(EtcdOptions options, EtcdConnections connections)
{
    // A member that is cut off from its leader ends the watch instead of falling silent.
    private static readonly Metadata RequireLeader = new() { { "hasleader", "true" } };

    private readonly ByteString _from = ByteString.CopyFrom(Encoding.UTF8.GetBytes(options.Prefix));
    private readonly ByteString _to = ByteString.CopyFrom([.. Encoding.UTF8.GetBytes(options.Prefix)[..^1], (byte)('/' + 1)]);
    private long _newestRevision;

    /// <summary>Notes a revision that etcd told of.</summary>
    public void Saw(long revision)
    {
        for (long known = Volatile.Read(ref _newestRevision); revision > known;)
        {
            long before = Interlocked.CompareExchange(ref _newestRevision, revision, known);
            if (before == known)
                return;
            known = before;
        }
    }

    public async IAsyncEnumerable<OrderedPut> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Saw(after);
        while (true)
        {
            int place = connections.CurrentPlace;
            await using var answers = WatchAsync(after, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await TryMoveAsync(answers, cancellationToken).ConfigureAwait(false))
            {
                foreach (var put in Puts(answers.Current, after))
                {
                    after = (long)put.Position;
                    yield return put;
                }
            }
            cancellationToken.ThrowIfCancellationRequested();
            connections.Leave(place);
            await Task.Delay(options.RetryDelay, cancellationToken).ConfigureAwait(false);
        }
    }

    // Of several puts in one revision (a transaction, which no honest member makes) the first counts: every reader sees
    // them in the same order, and may be cut off between them.
    private static IEnumerable<OrderedPut> Puts(WatchResponse answer, long after)
    {
        foreach (var change in answer.Events)
        {
            if (change.Type != Event.Types.EventType.Put || change.Kv is null || change.Kv.ModRevision <= after)
                continue;
            after = change.Kv.ModRevision;
            yield return new OrderedPut((ulong)after, change.Kv.Value.Memory);
        }
    }

    private async IAsyncEnumerable<WatchResponse> WatchAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = new Watch.WatchClient(connections.Current).Watch(RequireLeader, cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(
            new WatchRequest
            {
                CreateRequest = new WatchCreateRequest
                {
                    Key = _from,
                    RangeEnd = _to,
                    StartRevision = after + 1,
                    ProgressNotify = true,
                    Filters = { WatchCreateRequest.Types.FilterType.Nodelete },
                    Fragment = true,
                },
            },
            cancellationToken).ConfigureAwait(false);
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var answer = call.ResponseStream.Current;
            await CheckAsync(answer, after, cancellationToken).ConfigureAwait(false);
            if (answer.Canceled)
                yield break;
            yield return answer;
        }
    }

    private async Task CheckAsync(WatchResponse answer, long after, CancellationToken cancellationToken)
    {
        if (answer.CompactRevision > after + 1)
        {
            throw new OrderingTrimmedException(
                $"etcd has forgotten what follows revision {after}: it was compacted to {answer.CompactRevision}. Copy the missing blocks from another member.");
        }
        // What etcd once acknowledged it keeps. A member may lag behind; a store that has less was rewound, or is another.
        long newest = Volatile.Read(ref _newestRevision);
        if (answer.Created && answer.Header.Revision < newest && await ReadRevisionAsync(cancellationToken).ConfigureAwait(false) < newest)
        {
            throw new OrderingLostException(
                $"etcd stands before revision {newest}, which was seen: it was restored from an old copy, or is another cluster. The network must open a new epoch.");
        }
        Saw(answer.Header.Revision);
    }

    // A linearizable read: through the leader, whatever this member lacks.
    private async Task<long> ReadRevisionAsync(CancellationToken cancellationToken) =>
        (await new KV.KVClient(connections.Current).RangeAsync(
            new RangeRequest { Key = _from, CountOnly = true }, deadline: DateTime.UtcNow + options.PutTimeout,
            cancellationToken: cancellationToken)).Header.Revision;

    // False when the watch ended or the connection was lost: try again elsewhere.
    private static async Task<bool> TryMoveAsync(IAsyncEnumerator<WatchResponse> answers, CancellationToken cancellationToken)
    {
        try
        {
            return await answers.MoveNextAsync().ConfigureAwait(false);
        }
        catch (RpcException e) when (e.StatusCode is not (StatusCode.PermissionDenied or StatusCode.Unauthenticated))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        catch (RpcException e)
        {
            throw new OrderingUnavailableException(EtcdErrors.Explain(e), e);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The call ended before the watch was asked for: Grpc.Net.Client says so in these ways.
            return false;
        }
    }
}
