using Google.Protobuf;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>The end of a block: what passed in it comes into force, in the order in which it passed. Each is judged again,
/// because one that came before it may have made it impossible.</summary>
internal static class BlockClose
{
    public static IReadOnlyList<StateChange> Run(IStateReader state, ApplyContext at)
    {
        if (state.Network().Passed.Count == 0) return [];
        var edit = new StateEdit(state);
        NetworkRecord network = edit.OpenNetwork();
        // Grows while it runs: other validators may let other proposals pass.
        for (int i = 0; i < network.Passed.Count; i++) CarryOut(edit, network.Passed[i], at);
        network.Passed.Clear();
        return edit.Changes;
    }

    private static void CarryOut(StateEdit edit, ByteString id, ApplyContext at)
    {
        var proposal = edit.Open<Proposal>(EntityKind.Proposal, id.Span);
        proposal.Fault = ProposedChange.FirstFault(edit, proposal.Change);
        if (proposal.Fault != ProposalFault.Unspecified)
        {
            proposal.Status = ProposalStatus.Failed;
            return;
        }
        (proposal.Status, proposal.InForceFrom) = (ProposalStatus.InForce, at.LeafIndex);
        if (ChangeEffects.Apply(edit, id, proposal.Change, at)) CountAgain(edit, at);
    }

    private static void CountAgain(StateEdit edit, ApplyContext at)
    {
        NetworkRecord network = edit.OpenNetwork();
        foreach (OpenProposal open in network.OpenProposals.Where(p => at.LedgerTimeMs < p.UntilMs).ToArray())
            Tally.Count(edit.Open<Proposal>(EntityKind.Proposal, open.ProposalId.Span), open.ProposalId, network, edit.Era());
    }
}
