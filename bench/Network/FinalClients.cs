using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RxChain.Bench.Workload;
using RxChain.Protocol.V1;

namespace RxChain.Bench.Network;

/// <summary>
/// Clients that put prescriptions through Issue, Claim and Dispense, one submit after the other, each until it is final.
/// They are spread over the nodes. Events are signed before the clock starts.
/// </summary>
internal sealed class FinalClients(Cast cast)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentQueue<byte[][]> _lifecycles = new();

    /// <summary>Signs so many prescriptions.</summary>
    public void Prepare(int lifecycles)
    {
        long timeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Parallel.For(0, lifecycles, _ => _lifecycles.Enqueue(Lifecycle.Sign(cast, timeMs, withReview: false)));
    }

    /// <summary>Runs so many clients until the time is over. An event without an answer is submitted again, the same bytes.</summary>
    /// <exception cref="InvalidOperationException">Too few prescriptions were prepared: the figure would be of the last clients alone.</exception>
    public async Task<FinalFigures> RunAsync(IReadOnlyList<string> addresses, int clients, TimeSpan time)
    {
        var channels = addresses.Select(address => GrpcChannel.ForAddress(address)).ToArray();
        var answers = new ConcurrentBag<(double AtMs, double TookMs)>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var node = new PrescriptionService.PrescriptionServiceClient(channels[client % channels.Length].CreateCallInvoker());
            while (clock.Elapsed < time)
            {
                if (!_lifecycles.TryDequeue(out byte[][]? lifecycle))
                    throw new InvalidOperationException("Too few prescriptions were prepared.");
                foreach (byte[] envelope in lifecycle)
                {
                    double from = clock.Elapsed.TotalMilliseconds;
                    while (!await TryAsync(node, envelope))
                        await Task.Delay(20);
                    answers.Add((clock.Elapsed.TotalMilliseconds, clock.Elapsed.TotalMilliseconds - from));
                }
            }
        })));
        foreach (var channel in channels)
            channel.Dispose();
        return new FinalFigures([.. answers.OrderBy(answer => answer.AtMs)]);
    }

    private static async Task<bool> TryAsync(PrescriptionService.PrescriptionServiceClient node, byte[] envelope)
    {
        try
        {
            await node.SubmitEventAsync(
                new SubmitEventRequest { Envelope = UnsafeByteOperations.UnsafeWrap(envelope), Commitment = Commitment.Final },
                deadline: DateTime.UtcNow + Patience);
            return true;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return false;
        }
    }
}

/// <summary>When each submit was answered, and how long it took, in ms.</summary>
internal sealed record FinalFigures(IReadOnlyList<(double AtMs, double TookMs)> Answers)
{
    /// <summary>Final events in a second.</summary>
    public double PerSecond => Answers.Count / (Answers[^1].AtMs / 1000);

    /// <summary>The longest time without any answer, in ms.</summary>
    public double LongestGapMs => Answers.Zip(Answers.Skip(1)).Max(pair => pair.Second.AtMs - pair.First.AtMs);

    /// <summary>So large a share of the submits took no longer, in ms.</summary>
    public double TookMs(double share) => Answers.Select(a => a.TookMs).Order().ElementAt((int)(share * (Answers.Count - 1)));
}
