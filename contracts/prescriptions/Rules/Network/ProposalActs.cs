using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>Propose and Vote. What passes comes into force when the block closes: <see cref="BlockClose"/>.</summary>
internal static class ProposalActs
{
    /// <summary>A proposal lapses after this long.</summary>
    public const long OpenPeriodMs = 30L * 24 * 60 * 60_000;

    /// <summary>Most open proposals of one organisation.</summary>
    public const int MaxOpen = 8;

    public static Outcome Propose(ActContext context)
    {
        Event e = context.Event;
        if (ProposedChange.FirstFault(context.State, e.Propose) != ProposalFault.Unspecified) return Outcome.ProposalNotPossible;
        NetworkRecord network = context.State.Network().Clone();
        OpenProposal[] open = [.. network.OpenProposals.Where(p => context.NowMs < p.UntilMs)];
        if (open.Count(p => p.Proposer == e.Organisation) >= MaxOpen) return Outcome.LimitReached;
        var proposal = new Proposal
        {
            Proposer = e.Organisation,
            Change = e.Propose,
            LeafIndex = context.LeafIndex,
            UntilMs = context.NowMs + OpenPeriodMs,
            Status = ProposalStatus.Open,
        };
        var id = ByteString.CopyFrom(context.EventId.Span);
        network.OpenProposals.Clear();
        network.OpenProposals.Add(open);
        network.OpenProposals.Add(new OpenProposal { ProposalId = id, Proposer = proposal.Proposer, UntilMs = proposal.UntilMs });
        context.Put(EntityKind.Network, EntityIds.Network.ToArray(), network);
        context.Put(EntityKind.Proposal, id, proposal);
        return Outcome.Accepted;
    }

    public static Outcome Vote(ActContext context)
    {
        Event e = context.Event;
        var stored = context.Find<Proposal>(EntityKind.Proposal, e.Vote.ProposalId);
        if (stored is null) return Outcome.ProposalNotFound;
        if (stored.Status != ProposalStatus.Open || context.NowMs >= stored.UntilMs) return Outcome.ProposalClosed;
        if (!context.State.Network().Validators.Contains(e.Organisation)) return Outcome.NotAValidator;
        if (stored.Votes.Any(vote => vote.Validator == e.Organisation)) return Outcome.AlreadyVoted;
        Proposal proposal = stored.Clone();
        proposal.Votes.Add(new ProposalVote
        {
            Validator = e.Organisation,
            Ballot = e.Vote.Ballot,
            EventId = ByteString.CopyFrom(context.EventId.Span),
            LeafIndex = context.LeafIndex,
        });
        context.Put(EntityKind.Proposal, e.Vote.ProposalId, proposal);
        NetworkRecord network = context.State.Network().Clone();
        if (Tally.Count(proposal, e.Vote.ProposalId, network, context.State.Era()))
            context.Put(EntityKind.Network, EntityIds.Network.ToArray(), network);
        return Outcome.Accepted;
    }
}
