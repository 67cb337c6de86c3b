using System.CommandLine;
using RxChain.Auditor.Audit;
using RxChain.Auditor.Findings;
using RxChain.Auditor.Sources;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Cli;

/// <summary>What all commands share: a source, a policy, a format, and how a run is carried out and reported.</summary>
internal abstract class SourceCommand : Command
{
    private const string SourceDescription = "A node's data directory, an exported tile directory, or a live node: https://ADDRESS:PORT";

    private readonly Func<ParseResult, string> _source;

    private readonly Option<string?> _policy = new("--policy")
    {
        Description = "C2SP tlog-policy: whose signatures count. The only thing that is trusted",
        HelpName = "FILE",
    };

    private readonly ClientOptions _client = new();

    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON" };

    /// <param name="name">Name of the command.</param>
    /// <param name="description">What it does.</param>
    /// <param name="needsPolicy">It is of no use without one.</param>
    /// <param name="sourceOption">Name of the option that gives the source; null: it is the first argument.</param>
    protected SourceCommand(string name, string description, bool needsPolicy, string? sourceOption = null)
        : base(name, description)
    {
        _policy.Required = needsPolicy;
        if (sourceOption is null)
        {
            var argument = new Argument<string>("SOURCE") { Description = SourceDescription };
            Add(argument);
            _source = arguments => arguments.GetRequiredValue(argument);
        }
        else
        {
            var option = new Option<string>(sourceOption) { Description = SourceDescription, HelpName = "SOURCE", Required = true };
            Add(option);
            _source = arguments => arguments.GetRequiredValue(option);
        }
    }

    /// <summary>The command as reports name it.</summary>
    protected virtual string Title => Name;

    /// <summary>Completes the options; to be called last by each command.</summary>
    protected void AddCommonOptions()
    {
        Add(_policy);
        _client.AddTo(this);
        Add(_json);
        SetAction(Run);
    }

    /// <summary>Makes the request out of the command's own options; null with a finding when they are wrong.</summary>
    protected abstract Finding? TryRequest(ParseResult arguments, AuditRequest common, out AuditRequest request);

    /// <summary>What the command adds to the report of a run that verified.</summary>
    protected virtual void Complete(ParseResult arguments, ReportJson report, AuditRequest request)
    {
    }

    private int Run(ParseResult arguments)
    {
        bool json = arguments.GetValue(_json);
        string name = _source(arguments);
        TlogPolicy? policy = null;
        var finding = arguments.GetValue(_policy) is { } path ? OwnFiles.TryReadPolicy(path, out policy) : null;
        var request = new AuditRequest { Policy = policy };
        finding ??= TryRequest(arguments, request, out request);
        ClientFiles? client = null;
        finding ??= _client.TryRead(arguments, out client);
        ILogSource? source = null;
        if (finding is not null || !LogSources.TryOpen(name, client, out source, out finding))
            return Print(arguments, new AuditReport(name, finding, new AuditCounts(), [], TimeSpan.Zero), request);
        using (source)
        using (request.Observer as IDisposable)
        {
            var report = ProgressView.Show(!json, progress => new LedgerAudit(source, request, progress).Run());
            return Print(arguments, report, request);
        }
    }

    private int Print(ParseResult arguments, AuditReport report, AuditRequest request)
    {
        bool json = arguments.GetValue(_json);
        var shape = ReportJson.Of(Title, report);
        if (report.Exit == ExitCode.Verified)
            Complete(arguments, shape, request);
        if (json)
            Console.Out.WriteLine(shape.ToJson());
        else if (report.Exit == ExitCode.Usage)
            Console.Error.WriteLine($"rxaudit: {report.Finding}");
        else
            TextReport.Write(Console.Out, shape);
        if (!json && report.Exit is not (ExitCode.Verified or ExitCode.Usage))
            Console.Error.WriteLine($"rxaudit: {shape.Result}: {report.Finding}");
        return (int)report.Exit;
    }
}
