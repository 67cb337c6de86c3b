using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>Counts the votes on a proposal. Only validators of the era in force count.</summary>
internal static class Tally
{
    /// <summary>Counts an open proposal. True when it is no longer open: then it is no longer in the network's list of open ones,
    /// and if it passed it is in the list of those.</summary>
    public static bool Count(Proposal proposal, ByteString id, NetworkRecord network, ValidatorEra era)
    {
        int approvals = Votes(proposal, Ballot.Approve, era), rejections = Votes(proposal, Ballot.Reject, era);
        if (approvals >= era.Threshold) proposal.Status = ProposalStatus.Passed;
        else if (era.Validators.Count - rejections < era.Threshold) proposal.Status = ProposalStatus.Rejected;
        else return false;
        network.OpenProposals.Remove(network.OpenProposals.First(open => open.ProposalId == id));
        if (proposal.Status == ProposalStatus.Passed) network.Passed.Add(id);
        return true;
    }

    private static int Votes(Proposal proposal, Ballot ballot, ValidatorEra era) =>
        proposal.Votes.Count(vote => vote.Ballot == ballot && era.Validators.Any(v => v.Name == vote.Validator));
}
