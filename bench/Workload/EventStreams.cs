using System.Globalization;

namespace RxChain.Bench.Workload;

/// <summary>
/// Signs lifecycles on all cores and lays them out in streams. Prescriptions go in groups: all their Issues, then all
/// their Reviews, and so on, so that many events are under way and none before its predecessor was acknowledged.
/// </summary>
internal static class EventStreams
{
    /// <summary>Streams that submit side by side.</summary>
    public const int Streams = 2;

    private const int GroupSize = 1024;
    private const int MaxMessageEvents = 64;
    private const int MaxMessageBytes = 64 * 1024;

    /// <summary>Writes one file for each stream; returns the number of events, at least <paramref name="events"/>.</summary>
    public static int Write(string path, Cast cast, int events, bool withReview)
    {
        int acts = Lifecycle.Events(withReview);
        int lifecycles = (events + acts - 1) / acts;
        long timeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var signed = new byte[lifecycles][][];
        Parallel.For(0, lifecycles, i => signed[i] = Lifecycle.Sign(cast, timeMs, withReview));
        for (int stream = 0; stream < Streams; stream++)
        {
            var own = signed.Chunk(GroupSize).Where((_, group) => group % Streams == stream);
            EventFile.Write(FileOf(path, stream), Arrange(own, acts));
        }
        return lifecycles * acts;
    }

    /// <summary>Writes lifecycles one event after the other, in one stream.</summary>
    public static void WriteSequential(string path, Cast cast, int events, bool withReview)
    {
        int acts = Lifecycle.Events(withReview);
        long timeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var envelopes = Enumerable.Range(0, (events + acts - 1) / acts).SelectMany(_ => Lifecycle.Sign(cast, timeMs, withReview));
        EventFile.Write(path, envelopes.Take(events).Select((envelope, i) => new BulkMessage(i - 1, [envelope])));
    }

    public static string FileOf(string path, int stream) => string.Create(CultureInfo.InvariantCulture, $"{path}.{stream}");

    private static IEnumerable<BulkMessage> Arrange(IEnumerable<byte[][][]> groups, int acts)
    {
        int next = 0;
        foreach (byte[][][] group in groups)
        {
            // The message that holds each lifecycle's last act.
            int[] predecessors = [.. Enumerable.Repeat(-1, group.Length)];
            for (int act = 0; act < acts; act++)
            {
                foreach (var (from, to) in Pack(group, act))
                {
                    int waitFor = predecessors[from..to].Max();
                    predecessors.AsSpan(from..to).Fill(next++);
                    yield return new BulkMessage(waitFor, [.. group[from..to].Select(lifecycle => lifecycle[act])]);
                }
            }
        }
    }

    // Ranges of lifecycles whose events fit into one message.
    private static IEnumerable<(int From, int To)> Pack(byte[][][] group, int act)
    {
        int from = 0, bytes = 0;
        for (int i = 0; i < group.Length; i++)
        {
            int length = group[i][act].Length;
            if (i - from == MaxMessageEvents || bytes + length > MaxMessageBytes)
            {
                yield return (from, i);
                (from, bytes) = (i, 0);
            }
            bytes += length;
        }
        yield return (from, group.Length);
    }
}
