using System.Diagnostics;
using System.Globalization;
using RxChain.Auditor.Audit;
using Spectre.Console;

namespace RxChain.Auditor.Cli;

/// <summary>Shows how far a run is, on stderr: a bar on a terminal, a plain line every few seconds elsewhere.</summary>
internal static class ProgressView
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Runs <paramref name="run"/>, which reports leaves done and leaves in all.</summary>
    public static AuditReport Show(bool visible, Func<Action<long, long>?, AuditReport> run)
    {
        if (!visible)
            return run(null);
        if (Console.IsErrorRedirected)
            return run(PlainLines());
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bar = context.AddTask("verifying");
                return run((done, all) => bar.MaxValue(all).Value = done);
            });
    }

    private static Action<long, long> PlainLines()
    {
        var clock = Stopwatch.StartNew();
        var next = LineInterval;
        return (done, all) =>
        {
            if (clock.Elapsed < next)
                return;
            next = clock.Elapsed + LineInterval;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {all} leaves, {100 * done / all} %"));
        };
    }
}
