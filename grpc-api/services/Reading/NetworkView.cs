using System.Text;
using RxChain.Engine;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using OpenProposal = RxChain.Protocol.V1.OpenProposal;

namespace RxChain.GrpcApi.Reading;

/// <summary>The network as the state has it: members, validators, policy, open proposals.</summary>
internal static class NetworkView
{
    public static GetNetworkResponse Read(ILedgerNode node)
    {
        var read = node.ReadState<NetworkRecord>(EntityKind.Network, EntityIds.Network.ToArray());
        var network = read.Value!;
        return new GetNetworkResponse
        {
            Network = network.Origin,
            Members = { network.Members.Select(name => MemberOf(node, name)) },
            EraNumber = network.Era,
            Era = node.ReadState<ValidatorEra>(EntityKind.Validators, EntityIds.Era(network.Era)).Value,
            Policy = node.ReadState<Policy>(EntityKind.Policy, EntityIds.Policy.ToArray()).Value,
            Proposals = { network.OpenProposals.Where(open => read.LedgerTimeMs < open.UntilMs).Select(open => ProposalOf(node, open)) },
            Size = read.Size,
            LedgerTimeMs = read.LedgerTimeMs,
        };
    }

    private static Member MemberOf(ILedgerNode node, string name) => new()
    {
        Name = name,
        Organisation = node.ReadState<Organisation>(EntityKind.Organisation, Encoding.UTF8.GetBytes(name)).Value,
    };

    private static OpenProposal ProposalOf(ILedgerNode node, RxChain.Prescriptions.State.OpenProposal open) => new()
    {
        ProposalId = open.ProposalId,
        Proposal = node.ReadState<Proposal>(EntityKind.Proposal, open.ProposalId.Memory).Value,
    };
}
