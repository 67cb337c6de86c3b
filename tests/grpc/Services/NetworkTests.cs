using Google.Protobuf;
using Grpc.Core;
using RxChain.Client;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;

namespace RxChain.Grpc.Tests.Services;

/// <summary>Proposals and votes through the services, and the network as they show it.</summary>
public sealed class NetworkTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    [Fact]
    public async Task GetNetwork_ProposalAndVotes_ShowUntilItIsInForce()
    {
        var before = await host.Ledger.GetNetworkAsync(new GetNetworkRequest());
        Assert.Equal(before.Members.Select(m => m.Name).Order(StringComparer.Ordinal), before.Members.Select(m => m.Name));
        string[] validators = [.. before.Era.Validators.Select(v => v.Name)];
        Policy policy = before.Policy.Clone();
        policy.PackKeyVersion++;
        var change = new Propose { SetPolicy = new SetPolicy { Policy = policy.ToByteString() } };
        var proposed = await ActAsync(validators[0], e => e.Propose = change);

        for (int i = 0; i < before.Era.Threshold; i++)
        {
            var open = Assert.Single((await host.Ledger.GetNetworkAsync(new GetNetworkRequest())).Proposals);
            Assert.Equal((proposed.EventId, i), (open.ProposalId, open.Proposal.Votes.Count));
            await ActAsync(validators[i], e => e.Vote = new Vote { ProposalId = proposed.EventId, Ballot = Ballot.Approve });
        }

        var after = await host.Ledger.GetNetworkAsync(new GetNetworkRequest());
        Assert.Empty(after.Proposals);
        Assert.Equal(policy, after.Policy);
        var refused = await Assert.ThrowsAsync<RpcException>(() => ActAsync(validators[0], e => e.Propose = change));
        Assert.Equal("PROPOSAL_NOT_POSSIBLE", LedgerError.From(refused)?.Reason);
    }

    private Task<SubmitEventResponse> ActAsync(string organisation, Action<Event> act)
    {
        var draft = new Event { Organisation = organisation, Role = Role.Regulator, TimeMs = host.NowMs };
        act(draft);
        return host.Client.ActAsync(draft, [new EventSigner(host.Network.Key(organisation))], Commitment.Ordered);
    }
}
