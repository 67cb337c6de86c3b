using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Members;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Fixtures;

internal sealed partial class Story
{
    /// <summary>Labels of organisation keys other than the organisation's name.</summary>
    public Dictionary<string, string> KeyLabels { get; } = [];

    /// <summary>The role in which a member acts about the network.</summary>
    public Dictionary<string, Role> Roles { get; } = FixedNetwork.Members().ToDictionary(m => m.Name, m => m.Roles[0]);

    public static Propose Add(MemberCard card) => new() { AddMember = new AddMember { Card = ByteString.CopyFrom(card.Bytes) } };

    public static Propose Remove(string name, string successor = "") =>
        new() { RemoveMember = new RemoveMember { Name = name, Successor = successor } };

    public static Propose Rotate(MemberCard card) => new() { RotateKeys = new RotateKeys { Card = ByteString.CopyFrom(card.Bytes) } };

    public static Propose SetPolicy(Policy policy) => new() { SetPolicy = new SetPolicy { Policy = policy.ToByteString() } };

    public static Propose SetQuorum(uint threshold) => new() { SetQuorum = new SetQuorum { Threshold = threshold } };

    public SignedEvent Propose(Propose change, string by = FixedNetwork.Regulator) =>
        Sign(AboutNetwork(by), e => e.Propose = change);

    public SignedEvent Vote(SignedEvent proposal, string by, Ballot ballot = Ballot.Approve) => Sign(AboutNetwork(by), e =>
        e.Vote = new Vote { ProposalId = ByteString.CopyFrom(proposal.EventId.Span), Ballot = ballot });

    private Event AboutNetwork(string organisation)
    {
        var e = Header(organisation, Roles.GetValueOrDefault(organisation, Role.Pharmacy));
        e.Sequence = 0;
        return e;
    }

    private string LabelOf(string organisation) => KeyLabels.GetValueOrDefault(organisation, organisation);
}
