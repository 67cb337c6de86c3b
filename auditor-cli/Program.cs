using System.CommandLine;
using RxChain.Auditor.Cli;
using RxChain.Auditor.Findings;

var root = new RootCommand("Checks an RxChain ledger offline, believing no node: trust comes from the policy file alone.")
{
    new VerifyCommand(), new CompareCommand(), new TraceCommand(), new ExportCommand(), new EvidenceCommand(),
};
var arguments = root.Parse(args);
if (arguments.Errors.Count > 0)
{
    foreach (var error in arguments.Errors)
        Console.Error.WriteLine($"rxaudit: {error.Message}");
    return (int)ExitCode.Usage;
}
try
{
    return arguments.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
#pragma warning disable CA1031 // A crash must never look like a verdict: whatever is not foreseen ends as "cannot evaluate".
catch (Exception e)
#pragma warning restore CA1031
{
    Console.Error.WriteLine($"rxaudit: internal error, nothing is proved: {e}");
    return (int)ExitCode.CannotEvaluate;
}
