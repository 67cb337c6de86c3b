using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Fixtures;

/// <summary>A ledger whose members propose and vote at random, with keys of labels that follow from the seed.</summary>
internal sealed class RandomMembers(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, string> _labelOfKey = FixedNetwork.Validators.ToDictionary(
        name => FixedNetwork.Key(name, "node").PublicKey.ToString());
    private readonly List<SignedEvent> _proposals = [];
    private int _labels;

    public TestLedger Ledger { get; } = new();

    private NetworkRecord Network => Ledger.State.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network)!;

    /// <summary>One block of random acts.</summary>
    public void Step()
    {
        Ledger.Story.NowMs = Ledger.ClockMs;
        var events = new List<SignedEvent>();
        for (int i = _random.Next(1, 6); i > 0; i--)
        {
            if (_proposals.Count == 0 || _random.Next(6) == 0)
                Propose(events);
            else
                Vote(events);
        }
        var fresh = events.DistinctBy(e => e.EventId).ToArray();
        Ledger.Block(fresh);
        Follow();
    }

    private void Propose(List<SignedEvent> events)
    {
        Ledger.Story.NowMs++;
        var proposal = Ledger.Story.Propose(Change(), Member());
        _proposals.Add(proposal);
        events.Add(proposal);
    }

    // Each vote has its own moment, so that the second of one validator is no duplicate.
    private void Vote(List<SignedEvent> events)
    {
        Ledger.Story.NowMs++;
        var proposal = _proposals[^_random.Next(1, Math.Min(_proposals.Count, 4) + 1)];
        foreach (string voter in Network.Validators.OrderBy(_ => _random.Next()).Take(_random.Next(1, 6)))
            events.Add(Ledger.Story.Vote(proposal, voter, _random.Next(10) == 0 ? Ballot.Reject : Ballot.Approve));
    }

    private Propose Change()
    {
        var policy = Ledger.State.Find<Policy>(EntityKind.Policy, EntityIds.Policy)!.Clone();
        policy.RetentionMs = _random.Next(3);
        return _random.Next(8) switch
        {
            0 or 1 or 2 => Story.Add(Card($"member-{_random.Next(12)}.example", Role.Pharmacy, Validates())),
            3 => Story.Remove(Member(), _random.Next(2) == 0 ? "" : Member()),
            4 or 5 => Rotation(Member()),
            6 => Story.SetQuorum((uint)_random.Next(1, 16)),
            _ => Story.SetPolicy(policy),
        };
    }

    private Propose Rotation(string name)
    {
        var member = Ledger.State.Find<Organisation>(EntityKind.Organisation, System.Text.Encoding.UTF8.GetBytes(name))!;
        return Story.Rotate(Card(name, member.Roles[0], Validates()));
    }

    private MemberCard Card(string name, Role role, bool validates)
    {
        // Now and then a key that is used already.
        string label = _random.Next(8) == 0 ? Member() : $"{seed} label {_labels++}";
        _labelOfKey.TryAdd(FixedNetwork.Key(label, "node").PublicKey.ToString(), label);
        _labelOfKey.TryAdd(Convert.ToHexString(KeyId.Of(KeyId.EcdsaP256, FixedKeys.PublicKey(label))), label);
        return FixedNetwork.Card(name, [role], label, validates ? [label, label, label] : []);
    }

    private bool Validates() => _random.Next(3) > 0;

    private string Member() => Network.Members[_random.Next(Network.Members.Count)];

    // Signs on with the keys that are in force now.
    private void Follow()
    {
        var era = ValidatorSet.Current(Ledger.State);
        Ledger.Proposers.Clear();
        Ledger.Proposers.AddRange(era.Names);
        foreach (string name in era.Names)
            Ledger.NodeKeys[name] = _labelOfKey[era.NodeKey(name)!.ToString()];
        foreach (string name in Network.Members)
        {
            var member = Ledger.State.Find<Organisation>(EntityKind.Organisation, System.Text.Encoding.UTF8.GetBytes(name))!;
            Ledger.Story.KeyLabels[name] = _labelOfKey.GetValueOrDefault(Convert.ToHexString(member.KeyId.Span), name);
            Ledger.Story.Roles[name] = member.Roles[0];
        }
    }

    /// <summary>What must hold whatever was proposed.</summary>
    public void CheckInvariants()
    {
        var network = Network;
        Assert.Empty(network.Passed);
        Assert.InRange(network.Validators.Count, 1, 20);
        Assert.All(network.OpenProposals.GroupBy(open => open.Proposer), open => Assert.InRange(open.Count(), 1, 8));
        for (uint number = 1; number <= network.Era; number++)
        {
            var era = ValidatorSet.Read(Ledger.State, number);
            Assert.Null(QuorumRule.Check(era.Quorum, [.. era.Names.Select(name => era.Cosigner(name)!)]));
            var stored = Ledger.State.Find<ValidatorEra>(EntityKind.Validators, EntityIds.Era(number))!;
            Assert.Equal(era.Quorum.SmallestQuorum, (int)stored.Threshold);
        }
        Assert.Equal(network.Validators, ValidatorSet.Current(Ledger.State).Names);
    }
}
