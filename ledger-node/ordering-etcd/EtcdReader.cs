using System.Runtime.CompilerServices;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine.Ports;
using RxChain.Ordering.Etcd.Wire;

namespace RxChain.Ordering.Etcd;

/// <summary>Follows the network's prefix at any ordering member.</summary>
internal sealed class EtcdReader(EtcdOptions options, EtcdConnections connections, EtcdProblems problems)
{
    // A member that is cut off from its leader ends the watch instead of falling silent.
    private static readonly Metadata RequireLeader = new() { { "hasleader", "true" } };

    private readonly ByteString _from = ByteString.CopyFrom(Encoding.UTF8.GetBytes(options.Prefix));
    private readonly ByteString _to = ByteString.CopyFrom([.. Encoding.UTF8.GetBytes(options.Prefix)[..^1], (byte)('/' + 1)]);
    private long _newestRevision;
    private long _acknowledged;

    /// <summary>Notes the revision of a put of this member's own: it must be delivered.</summary>
    public void Acknowledged(long revision)
    {
        Raise(ref _newestRevision, revision);
        Raise(ref _acknowledged, revision);
    }

    public async IAsyncEnumerable<OrderedPut> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Raise(ref _newestRevision, after);
        ReadOnlyMemory<byte>? last = null;
        while (true)
        {
            int place = connections.CurrentPlace;
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await using var answers = WatchAsync(after, last, giveUp.Token).GetAsyncEnumerator(cancellationToken);
            while (await TryMoveAsync(answers, after, giveUp, cancellationToken).ConfigureAwait(false))
            {
                foreach (var put in Puts(answers.Current, after))
                {
                    (after, last) = ((long)put.Position, put.Bytes);
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
    private IEnumerable<OrderedPut> Puts(WatchResponse answer, long after)
    {
        foreach (var change in answer.Events)
        {
            if (change.Kv is not { } kv)
                continue;
            if (change.Type != Event.Types.EventType.Put)
            {
                problems.Incident($"{kv.Key.ToStringUtf8()} was deleted at revision {kv.ModRevision}; nothing is lost by it");
                continue;
            }
            if (kv.ModRevision <= after)
            {
                problems.Incident($"{kv.Key.ToStringUtf8()} was put as one of several at revision {kv.ModRevision}; the first counts");
                continue;
            }
            after = kv.ModRevision;
            yield return new OrderedPut((ulong)after, kv.Value.Memory);
        }
    }

    private async IAsyncEnumerable<WatchResponse> WatchAsync(long after, ReadOnlyMemory<byte>? last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckContinuesAsync(after, last, cancellationToken).ConfigureAwait(false);
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
                    Fragment = true,
                },
            },
            cancellationToken).ConfigureAwait(false);
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var answer = call.ResponseStream.Current;
            if (answer.CompactRevision > after + 1)
            {
                throw new OrderingTrimmedException(
                    $"etcd has forgotten what follows revision {after}: it was compacted to {answer.CompactRevision}. Copy the missing blocks from another member.");
            }
            problems.Watch(answer.Canceled ? answer.CancelReason : null);
            if (answer.Canceled)
                yield break;
            Raise(ref _newestRevision, answer.Header.Revision);
            yield return answer;
        }
    }

    // What etcd once acknowledged it keeps. A store that has less was rewound, or is another; one that has something else
    // was rewound and driven on. Both reads go through the leader, whatever the member in use lacks.
    private async Task CheckContinuesAsync(long after, ReadOnlyMemory<byte>? last, CancellationToken cancellationToken)
    {
        long newest = Volatile.Read(ref _newestRevision);
        if (newest == 0)
            return;
        long revision = (await RangeAsync(new RangeRequest { Key = _from, CountOnly = true }, cancellationToken).ConfigureAwait(false)).Header.Revision;
        if (revision < newest)
        {
            throw new OrderingLostException(
                $"etcd stands at revision {revision}, before {newest}, which was seen: it was restored from an old copy, or is another cluster. The network must open a new epoch.");
        }
        if (last is { } bytes && await IsOtherAtAsync(after, bytes, cancellationToken).ConfigureAwait(false))
        {
            throw new OrderingLostException(
                $"etcd has something else at revision {after} than was read there: it was restored from an old copy and went on. The network must open a new epoch.");
        }
    }

    // False too when that revision is compacted away.
    private async Task<bool> IsOtherAtAsync(long revision, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await RangeAsync(
                new RangeRequest { Key = _from, RangeEnd = _to, Revision = revision, MinModRevision = revision, Limit = 1 },
                cancellationToken).ConfigureAwait(false);
            return answer.Kvs.Count == 0 || !answer.Kvs[0].Value.Span.SequenceEqual(bytes.Span);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.OutOfRange)
        {
            return false;
        }
    }

    private async Task<RangeResponse> RangeAsync(RangeRequest request, CancellationToken cancellationToken) =>
        await new KV.KVClient(connections.Current).RangeAsync(
            request, deadline: DateTime.UtcNow + options.MemberTimeout, cancellationToken: cancellationToken);

    // False when the watch ended, the connection was lost or the member hangs: try again elsewhere.
    private async Task<bool> TryMoveAsync(
        IAsyncEnumerator<WatchResponse> answers, long after, CancellationTokenSource giveUp, CancellationToken cancellationToken)
    {
        try
        {
            return await MoveAsync(answers, after, giveUp).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            problems.Watch(giveUp.IsCancellationRequested ? "a member acknowledges puts but does not deliver them" : EtcdErrors.Explain(e));
            return false;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException || (e is OperationCanceledException && giveUp.IsCancellationRequested))
        {
            // The call ended before the watch was asked for, which Grpc.Net.Client says in these ways, or was given up.
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    // Gives up when own puts were acknowledged but do not come: this member hangs, or is cut off and does not know yet.
    private async Task<bool> MoveAsync(IAsyncEnumerator<WatchResponse> answers, long after, CancellationTokenSource giveUp)
    {
        var moving = answers.MoveNextAsync().AsTask();
        while (true)
        {
            long acknowledged = Volatile.Read(ref _acknowledged);
            try
            {
                return await moving.WaitAsync(options.MemberTimeout).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                if (acknowledged > after && !moving.IsCompleted)
                    await giveUp.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private static void Raise(ref long known, long to)
    {
        for (long now = Volatile.Read(ref known); to > now;)
        {
            long before = Interlocked.CompareExchange(ref known, to, now);
            if (before == now)
                return;
            now = before;
        }
    }
}
