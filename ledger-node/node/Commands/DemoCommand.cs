using System.CommandLine;
using System.Diagnostics;
using RxChain.Node.Demo;

namespace RxChain.Node.Commands;

/// <summary><c>demo</c>: the whole story on one machine, with nothing but the .NET SDK.</summary>
internal static class DemoCommand
{
    private const ulong HeapLimitBytes = 1UL << 30;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "A new or empty directory to keep; default: a temporary one." };
        var prescriptions = new Option<int>("--prescriptions") { Description = "How many prescriptions to play, 14 to 10,000.", DefaultValueFactory = _ => 25 };
        var command = new Command("demo", "Four members in one process: play prescriptions, audit every copy, tamper with one.") { data, prescriptions };
        command.SetAction(result => Guarded.RunAsync(() => RunAsync(result.GetValue(data), result.GetValue(prescriptions))));
        return command;
    }

    private static async Task<int> RunAsync(string? data, int prescriptions)
    {
        if (prescriptions is < 14 or > 10_000)
            throw new ArgumentException("--prescriptions: 14 to 10,000; fewer do not tell the whole story.");
        string root = Path.GetFullPath(data ?? Directory.CreateTempSubdirectory("rxchain-demo-").FullName);
        Directory.CreateDirectory(root);
        if (Directory.EnumerateFileSystemEntries(root).Any())
            throw new IOException($"{root} is not empty: give another --data.");
        AllowFourNodes();
        var watch = Stopwatch.StartNew();
        DemoStory story;
        var problems = new List<string>();
        var network = await DemoNetwork.StartAsync(root);
        await using (network.ConfigureAwait(false))
        {
            Console.WriteLine($"Network {network.Origin}: four members, each with its own keys, node and directory under {root}");
            story = new DemoStory(network);
            await story.PlayAsync(prescriptions);
            await network.AgreeAsync();
            Summarise(network, story);
            problems.AddRange(story.Problems);
            problems.AddRange(network.Members.SelectMany(m => m.Node.Status.Alarms.Select(a => $"{m.Name}: {a}")));
        }
        problems.AddRange(await AuditAsync(network, story, root));
        foreach (string problem in problems)
            await Console.Error.WriteLineAsync($"rxnode demo: {problem}");
        Console.WriteLine($"\n{(problems.Count == 0 ? "Everything happened as it should" : "NOT everything happened as it should")}, in {watch.Elapsed.TotalSeconds:F1} s. Data: {root}");
        return problems.Count == 0 ? 0 : 1;
    }

    // The heap limit of this program is for one node.
    private static void AllowFourNodes()
    {
        AppContext.SetData("GCHeapHardLimit", HeapLimitBytes);
        GC.RefreshMemoryLimit();
    }

    private static void Summarise(DemoNetwork network, DemoStory story)
    {
        Console.WriteLine("\nSummary");
        foreach (var (what, count) in story.Counts)
            Console.WriteLine($"  {count,6}  {what}");
        Console.WriteLine("\nFinal head of each member");
        foreach (var member in network.Members)
        {
            var head = member.Node.FinalCheckpoint!;
            Console.WriteLine($"  {member.Name,-16} {head.Checkpoint.Size} leaves, root {head.Checkpoint.Root}, {head.Note.Signatures.Count - 1} cosignatures");
        }
    }

    private static async Task<List<string>> AuditAsync(DemoNetwork network, DemoStory story, string root)
    {
        var problems = new List<string>();
        string policy = Path.Combine(root, "policy.txt");
        Console.WriteLine("\nAudit of every member, by a program that trusts none of them");
        foreach (var member in network.Members)
        {
            if (await DemoAudit.RunAsync("verify", member.Directory, "--policy", policy) != 0)
                problems.Add($"the audit of {member.Name} did not pass");
        }
        Console.WriteLine("\nOne prescription, as the auditor sees it");
        string example = Convert.ToHexStringLower(story.Example!.Id.Span);
        if (await DemoAudit.RunAsync("trace", network.Hospital.Directory, example, "--policy", policy) != 0)
            problems.Add("the trace did not pass");
        string copy = Path.Combine(root, "tampered");
        string spot = DemoAudit.Tamper(network.South.Directory, copy);
        Console.WriteLine($"\nOne bit changed in a copy: {spot}");
        if (await DemoAudit.RunAsync("verify", copy, "--policy", policy) != 1)
            problems.Add("the audit did not catch the changed copy");
        return problems;
    }
}
