using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Hosting;
using RxChain.GrpcApi.Reading;
using RxChain.Ledger.Leaves;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using RxChain.Storage;
using Kind = RxChain.Protocol.V1.LapseNotice.Types.Kind;

namespace RxChain.Grpc.Tests.Services;

/// <summary>What ends by itself is told, at the same place to everybody.</summary>
public sealed class LapseTests : IAsyncLifetime
{
    private const long HourMs = 3_600_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ServiceHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Watch_WhateverEnds_IsToldAtTheSealThatReachedIt()
    {
        var id = Drafts.NewId();
        var issued = await _host.DoAsync(Drafts.Issue(id, issue => issue.NotAfterMs = _host.NowMs + 30 * HourMs));
        await _host.DoAsync(Drafts.Claim(id));
        long untilMs = _host.NowMs + HourMs;
        await _host.DoAsync(Drafts.Hold(id, untilMs));
        var dispute = await _host.DoAsync(Drafts.OpenDispute(id, issued.EventId));
        await _host.DoAsync(Drafts.GiveConsent(id, "pharmacy-b", untilMs));
        var claimed = await _host.ReadAsync(id);
        _host.PassTime(TimeSpan.FromHours(2));
        long first = _host.Node.Status.Size - 1;
        _host.PassTime(TimeSpan.FromHours(2));
        _host.PassTime(TimeSpan.FromDays(100));

        var notices = await TakeAsync(5, new WatchEventsRequest { PrescriptionIds = { id }, IncludeLapses = true, Acts = { "cancel" } });

        Assert.Equal(
            [Kind.HoldEnded, Kind.ConsentEnded, Kind.ClaimTimedOut, Kind.Expired, Kind.DisputeLapsed],
            notices.Select(n => n.Kind));
        Assert.Equal(
            [untilMs, untilMs, claimed.ClaimUntilMs, claimed.NotAfterMs, claimed.Disputes[0].UntilMs], notices.Select(n => n.MomentMs));
        Assert.Equal(["regulator", "pharmacy-b", "pharmacy-a", "", "hospital"], notices.Select(n => n.Organisation));
        Assert.Equal(
            [PrescriptionStatus.Claimed, PrescriptionStatus.Claimed, PrescriptionStatus.Active, PrescriptionStatus.Expired, PrescriptionStatus.Expired],
            notices.Select(n => n.Status));
        Assert.Equal((dispute.EventId, 10u), (notices[4].DisputeId, notices[1].PurposeCode));
        Assert.Equal([first, first], notices.Take(2).Select(n => n.LeafIndex));
        Assert.All(notices, n => Assert.Equal("hospital", n.Issuer));
        Assert.All(notices, AssertReachedFirst);
    }

    [Fact]
    public async Task Watch_LiveOrLaterOrAfterARebuild_ToldTheSame()
    {
        using var live = new CancellationTokenSource();
        var told = new ConcurrentQueue<WatchEventsResponse>();
        var watching = CollectAsync(_host.Index, told, live.Token);
        for (int i = 0; i < 12; i++)
        {
            var id = Drafts.NewId();
            await _host.DoAsync(Drafts.Issue(id, issue => issue.NotAfterMs = _host.NowMs + (i + 3) * HourMs));
            await _host.DoAsync(Drafts.Claim(id));
            if (i % 3 == 0)
                await _host.DoAsync(Drafts.Cancel(id));
            if (i % 4 == 0)
                await _host.DoAsync(Drafts.ReturnClaim(id));
            _host.PassTime(TimeSpan.FromHours(1));
        }
        _host.PassTime(TimeSpan.FromHours(24));
        await WaitUntilAsync(() => told.LastOrDefault()?.NextIndex == _host.Node.Status.Size);
        await live.CancelAsync();
        await watching;

        using var rebuilt = await RebuildAsync();
        var again = new ConcurrentQueue<WatchEventsResponse>();
        using var stop = new CancellationTokenSource();
        var reading = CollectAsync(rebuilt, again, stop.Token);
        await WaitUntilAsync(() => again.LastOrDefault()?.NextIndex == _host.Node.Status.Size);
        await stop.CancelAsync();
        await reading;

        Assert.True(told.Count(m => m.Notice is not null) > 12, $"only {told.Count}");
        Assert.Equal(told.Where(m => m.Notice is not null), again.Where(m => m.Notice is not null));
        Assert.Equal(told.Where(m => m.Event is not null), again.Where(m => m.Event is not null));
    }

    [Fact]
    public async Task Watch_ResumedAfterANotice_MissesNone()
    {
        var ids = new[] { Drafts.NewId(), Drafts.NewId(), Drafts.NewId() };
        foreach (var id in ids)
            await _host.DoAsync(Drafts.Issue(id));
        _host.PassTime(TimeSpan.FromDays(2));
        var request = new WatchEventsRequest { IncludeLapses = true, Acts = { "cancel" } };

        var all = await MessagesAsync(4, request);
        request.FromIndex = all[0].NextIndex;
        var resumed = await MessagesAsync(4, request);
        request.FromIndex = all[3].NextIndex;

        Assert.Equal(ids, all.Take(3).Select(m => m.Notice.PrescriptionId));
        Assert.Equal(all, resumed);
        Assert.Equal((null, all[0].Notice.LeafIndex + 1), (all[3].Notice, all[3].NextIndex));
    }

    [Fact]
    public async Task Watch_NoticesOfOthers_AreLeftOut()
    {
        var (id, other) = (Drafts.NewId(), Drafts.NewId());
        await _host.DoAsync(Drafts.Issue(id));
        await _host.DoAsync(Drafts.Claim(id));
        await _host.DoAsync(Drafts.Issue(other, issue => issue.Nominee = "pharmacy-b"));
        await _host.DoAsync(Drafts.Claim(other, "pharmacy-b"));
        _host.PassTime(TimeSpan.FromHours(3));
        var request = new WatchEventsRequest { IncludeLapses = true, Acts = { "cancel" }, Organisations = { "pharmacy-b" } };

        Assert.Equal(other, (await TakeAsync(1, request))[0].PrescriptionId);
    }

    [Fact]
    public async Task Watch_NotAskedForLapses_GetsNone()
    {
        var id = Drafts.NewId();
        await _host.DoAsync(Drafts.Issue(id));
        _host.PassTime(TimeSpan.FromDays(2));
        await Failures.Of(StatusCode.FailedPrecondition, "EXPIRED", () => _host.DoAsync(Drafts.Claim(id)));

        var messages = await MessagesAsync(2, new WatchEventsRequest { PrescriptionIds = { id }, IncludeRefused = true });

        Assert.All(messages, message => Assert.NotNull(message.Event));
    }

    [Fact]
    public async Task Reader_ActsAndTimeInOneBlock_TellsWhatHadEndedBefore()
    {
        var id = Drafts.NewId();
        await _host.DoAsync(Drafts.Issue(id));
        await _host.DoAsync(Drafts.Claim(id));
        await _host.CatchUpAsync();
        var again = Drafts.Claim(id, number: 2);
        again.TimeMs += 3 * HourMs;
        byte[] envelope = await PreparedAsync(again);
        // The block of the second claim is the first one after the first claim's end.
        _host.PassTimeWithoutABlock(TimeSpan.FromHours(3));
        var claimed = await _host.Prescriptions.SubmitEventAsync(new SubmitEventRequest { Envelope = ByteString.CopyFrom(envelope) });

        var notice = (await TakeAsync(1, new WatchEventsRequest { PrescriptionIds = { id }, IncludeLapses = true }))[0];

        Assert.Equal((Kind.ClaimTimedOut, claimed.LeafIndex + 1), (notice.Kind, notice.LeafIndex));
        Assert.Equal(PrescriptionStatus.Claimed, (await _host.ReadAsync(id)).Status);
    }

    private async Task<byte[]> PreparedAsync(RxChain.Prescriptions.Events.Event draft)
    {
        var head = (await _host.ReadAsync(draft.PrescriptionId)).Head;
        return _host.Envelope(draft, head.Sequence + 1, head.EventId, "pharmacy-a");
    }

    private void AssertReachedFirst(LapseNotice notice)
    {
        Assert.True(SealLeaf.TryParse(_host.Node.ReadLeaf(notice.LeafIndex), out var seal));
        Assert.Equal(seal.LedgerTimeMs, notice.LedgerTimeMs);
        Assert.True(SealLeaf.TryParse(_host.Node.ReadLeaf(seal.FirstLeaf - 1), out var before));
        Assert.InRange(notice.MomentMs, before.LedgerTimeMs + 1, seal.LedgerTimeMs);
    }

    private async Task<LapseNotice[]> TakeAsync(int count, WatchEventsRequest request)
    {
        using var call = _host.Prescriptions.WatchEvents(request);
        var taken = new List<LapseNotice>();
        while (taken.Count < count)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
            if (call.ResponseStream.Current.Notice is { } notice)
                taken.Add(notice);
        }
        return [.. taken];
    }

    private async Task<WatchEventsResponse[]> MessagesAsync(int count, WatchEventsRequest request)
    {
        using var call = _host.Prescriptions.WatchEvents(request);
        var taken = new List<WatchEventsResponse>();
        while (taken.Count < count)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
            taken.Add(call.ResponseStream.Current);
        }
        return [.. taken];
    }

    private async Task CollectAsync(ILookupIndex index, ConcurrentQueue<WatchEventsResponse> told, CancellationToken cancellationToken)
    {
        using var writer = new PatientWriter<WatchEventsResponse>(new Collector(told), Patience, CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new EventWatcher(_host.Node, index).RunAsync(new WatchEventsRequest { IncludeLapses = true }, writer, cancellationToken));
    }

    private async Task<SqliteLookupIndex> RebuildAsync()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("rxchain-lookup-").FullName, "lookup.db");
        var index = SqliteLookupIndex.Open(path);
        using var stop = new CancellationTokenSource();
        var reading = new LookupReader(_host.Node, index).RunAsync(stop.Token);
        await index.WaitBeyondAsync(_host.Node.Status.Size - 1, stop.Token).WaitAsync(Patience);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        return index;
    }

    private static async Task WaitUntilAsync(Func<bool> done)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!done())
            await Task.Delay(5, late.Token);
    }

    private sealed class Collector(ConcurrentQueue<WatchEventsResponse> told) : IServerStreamWriter<WatchEventsResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(WatchEventsResponse message)
        {
            told.Enqueue(message);
            return Task.CompletedTask;
        }

        public Task WriteAsync(WatchEventsResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
