using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Bench.Workload;
using RxChain.Protocol.V1;

namespace RxChain.Bench.Client;

/// <summary>Submits through bulk streams, one for each file, and counts what is acknowledged ORDERED.</summary>
internal sealed class BulkRun(PrescriptionService.PrescriptionServiceClient node, TimeSpan limit)
{
    private const int MaxUnanswered = 8;

    private readonly List<long> _perSecond = [];
    private readonly Lock _counting = new();
    private readonly Stopwatch _clock = new();
    private long _accepted;
    private long _refused;
    private string _firstRefusal = "";

    public async Task<ClientReport> RunAsync(IReadOnlyList<List<BulkMessage>> streams, CancellationToken cancellationToken)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        _clock.Start();
        await Task.WhenAll(streams.Select(messages => Task.Run(() => SubmitAsync(messages, cancellationToken))));
        double seconds = _clock.Elapsed.TotalSeconds;
        return new ClientReport
        {
            Accepted = _accepted,
            Refused = _refused,
            FirstRefusal = _firstRefusal,
            Seconds = seconds,
            PerSecond = _perSecond.Take((int)Math.Min(seconds, limit.TotalSeconds)).Skip(1).ToList(),
            CpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds,
        };
    }

    private async Task SubmitAsync(List<BulkMessage> messages, CancellationToken cancellationToken)
    {
        using var call = node.SubmitEvents(cancellationToken: cancellationToken);
        int answered = 0;
        for (int sent = 0; sent < messages.Count && _clock.Elapsed < limit; sent++)
        {
            while (sent - answered >= MaxUnanswered || answered <= messages[sent].WaitFor)
            {
                await CountAsync(call, cancellationToken);
                answered++;
            }
            await call.RequestStream.WriteAsync(Request(messages[sent], sent), cancellationToken);
        }
        await call.RequestStream.CompleteAsync();
        while (await CountAsync(call, cancellationToken))
            answered++;
    }

    private static SubmitEventsRequest Request(BulkMessage message, int number)
    {
        var request = new SubmitEventsRequest { RequestNumber = (ulong)number, Commitment = Commitment.Ordered };
        foreach (byte[] envelope in message.Envelopes)
            request.Events.Add(new BulkEvent { Envelope = UnsafeByteOperations.UnsafeWrap(envelope) });
        return request;
    }

    private async Task<bool> CountAsync(
        AsyncDuplexStreamingCall<SubmitEventsRequest, SubmitEventsResponse> call, CancellationToken cancellationToken)
    {
        if (!await call.ResponseStream.MoveNext(cancellationToken))
            return false;
        var results = call.ResponseStream.Current.Results;
        int accepted = results.Count(r => r.Accepted is not null);
        int second = (int)_clock.Elapsed.TotalSeconds;
        lock (_counting)
        {
            while (_perSecond.Count <= second)
                _perSecond.Add(0);
            _perSecond[second] += accepted;
            _accepted += accepted;
            _refused += results.Count - accepted;
            if (_firstRefusal.Length == 0 && accepted < results.Count)
                _firstRefusal = results.First(r => r.Accepted is null).Error.Message;
        }
        return true;
    }
}
