using RxChain.Auditor.Replay;
using RxChain.Auditor.Sources;

namespace RxChain.Auditor.Audit;

/// <summary>Parses runs on all cores, some ahead of the one that reads them in order.</summary>
internal static class ParseAhead
{
    /// <summary>The runs in their order, parsed. Reads two runs ahead for each core.</summary>
    public static IEnumerable<ParsedRun> Parse(IEnumerable<LeafRun> runs, bool hashesOnly)
    {
        int window = 2 * Environment.ProcessorCount;
        var ahead = new Queue<Task<ParsedRun>>();
        using var source = runs.GetEnumerator();
        for (bool more = true; more || ahead.Count > 0;)
        {
            while (more && ahead.Count < window && (more = source.MoveNext()))
            {
                var run = source.Current;
                ahead.Enqueue(Task.Run(() => LeafParser.Parse(run, hashesOnly)));
            }
            if (ahead.Count > 0)
                yield return ahead.Dequeue().GetAwaiter().GetResult();
        }
    }
}
