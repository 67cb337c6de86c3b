using System.CommandLine;
using RxChain.Node.Commands;

return await new RootCommand("RxChain node: a member's copy of the prescription ledger.")
{
    NetworkCommands.Init(),
    NetworkCommands.Keygen(),
    NetworkCommands.Genesis(),
    RunCommand.Create(),
    PartiesCommand.Create(),
    PkiCommand.Create(),
    DemoCommand.Create(),
    OperatorCommands.Status(),
    HealthCommand.Create(),
    EvidenceCommand.Create(),
    OperatorCommands.Backup(),
    OperatorCommands.Restore(),
    RecoverCommands.Create(),
    ProposalCommands.Propose(),
    ProposalCommands.Vote(),
    ProposalCommands.Proposals(),
    RotateKeysCommand.Create(),
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
