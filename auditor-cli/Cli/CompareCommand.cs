using System.CommandLine;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Sources;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Cli;

/// <summary><c>rxaudit compare</c>.</summary>
internal sealed class CompareCommand : Command
{
    private readonly Argument<string[]> _nodes = new("NODE")
    {
        Description = "Two or more copies: data directories, tile directories, live nodes (https://ADDRESS:PORT)",
        Arity = new ArgumentArity(2, 100),
    };

    private readonly Option<string> _policy = new("--policy")
    {
        Description = "C2SP tlog-policy: whose signatures count. The only thing that is trusted",
        HelpName = "FILE",
        Required = true,
    };

    private readonly ClientOptions _client = new();

    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON" };

    public CompareCommand()
        : base("compare", "Find out whether copies of a ledger are one log; of a fork, name the first leaf that differs and show both checkpoints")
    {
        Add(_nodes);
        Add(_policy);
        _client.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        ClientFiles? client = null;
        var wrong = OwnFiles.TryReadPolicy(arguments.GetValue(_policy)!, out var policy) ?? _client.TryRead(arguments, out client);
        if (wrong is not null)
        {
            Console.Error.WriteLine($"rxaudit: {wrong}");
            return (int)ExitCode.Usage;
        }
        var report = new CopyComparison(policy!, client).Run(arguments.GetValue(_nodes)!);
        if (arguments.GetValue(_json))
            Console.Out.WriteLine(ComparisonJson.Of(report).ToJson());
        else
            Write(Console.Out, report);
        if (!arguments.GetValue(_json) && report.Finding is { } finding)
            Console.Error.WriteLine($"rxaudit: {ReportJson.Word(report.Exit)}: {finding}");
        return (int)report.Exit;
    }

    private static void Write(TextWriter output, ComparisonReport report)
    {
        output.WriteLine(report.Finding is null ? $"EQUAL  {report.Copies.Count} copies of one log" : ReportJson.Word(report.Exit).ToUpperInvariant());
        foreach (var copy in report.Copies)
            output.WriteLine($"  {copy.Checkpoint.Checkpoint.Size,10} leaves  {copy.Checkpoint.Checkpoint.Root.ToBase64()}  {copy.Source}");
        if (report.Fork is not { } fork)
            return;
        output.WriteLine($"  first leaf that differs: {fork.Leaf}");
        foreach (var copy in new[] { fork.Shorter, fork.Longer })
            output.WriteLine($"{Environment.NewLine}{copy.Source}:{Environment.NewLine}{copy.Checkpoint.Note}");
    }
}
