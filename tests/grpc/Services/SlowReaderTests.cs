using System.Diagnostics;
using Grpc.Core;
using RxChain.GrpcApi.Hosting;
using RxChain.GrpcApi.Reading;
using RxChain.Protocol.V1;

namespace RxChain.Grpc.Tests.Services;

/// <summary>A watcher that reads nothing.</summary>
public sealed class SlowReaderTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    private const int Events = 400;

    [Fact]
    public async Task Watch_ReaderTakesNothing_LosesItsStreamWhileNothingPilesUp()
    {
        await FillAsync();
        var stalled = new StalledStream();
        using var writer = new PatientWriter<WatchEventsResponse>(stalled, TimeSpan.FromMilliseconds(200), CancellationToken.None);
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new EventWatcher(host.Node, host.Index).RunAsync(new WatchEventsRequest(), writer, CancellationToken.None));

        Assert.InRange(clock.ElapsedMilliseconds, 150, 5_000);
        Assert.Equal(1, stalled.Writes);
    }

    [Fact]
    public async Task Watch_HundredsOfStalledStreams_ServerBuffersABoundedAmount()
    {
        await FillAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var calls = Enumerable.Range(0, 200).Select(_ => host.Prescriptions.WatchEvents(new WatchEventsRequest())).ToArray();
        await Task.Delay(1_000);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        foreach (var call in calls)
            call.Dispose();

        // Client and server are in this process. Each stream may hold its window and buffer, not the log.
        long logBytes = Enumerable.Range(0, (int)host.Node.Status.Size).Sum(i => (long)host.Node.ReadLeaf(i).Length);
        Assert.True(grown < calls.Length * 512L * 1024, $"{grown >> 20} MiB for a log of {logBytes >> 10} KiB");
        Assert.NotNull(await host.IssueAsync(Drafts.NewId()));
    }

    private async Task FillAsync()
    {
        using var call = host.Prescriptions.SubmitEvents();
        for (int i = 0; i < Events / 40; i++)
        {
            var envelopes = Enumerable.Range(0, 40).Select(_ => host.IssueEnvelope(Drafts.NewId()));
            await call.RequestStream.WriteAsync(new SubmitEventsRequest
            {
                Events = { envelopes.Select(e => new BulkEvent { Envelope = Google.Protobuf.ByteString.CopyFrom(e) }) },
            });
        }
        await call.RequestStream.CompleteAsync();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            Assert.All(response.Results, result => Assert.NotNull(result.Accepted));
    }

    // Takes one message into its hands and never lets go of it.
    private sealed class StalledStream : IServerStreamWriter<WatchEventsResponse>
    {
        public int Writes { get; private set; }

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(WatchEventsResponse message) => throw new NotSupportedException();

        public Task WriteAsync(WatchEventsResponse message, CancellationToken cancellationToken)
        {
            Writes++;
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
