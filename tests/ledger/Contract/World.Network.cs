using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The members as a network: four validators of six, proposals and votes.</summary>
internal sealed partial class World
{
    public NetworkRecord NetworkRecord => State.Peek<NetworkRecord>(EntityKind.Network, ByteString.CopyFrom(EntityIds.Network))!;

    public ValidatorEra Era => EraOf(NetworkRecord.Era);

    public ValidatorEra EraOf(uint number) => State.Peek<ValidatorEra>(EntityKind.Validators, ByteString.CopyFrom(EntityIds.Era(number)))!;

    public Policy PolicyInForce => State.Peek<Policy>(EntityKind.Policy, ByteString.CopyFrom(EntityIds.Policy))!;

    public Proposal Proposal(ByteString id) => State.Peek<Proposal>(EntityKind.Proposal, id)!;

    public Key? KeyOfPublic(byte algorithm, ByteString publicKey) =>
        State.Peek<Key>(EntityKind.Key, ByteString.CopyFrom(KeyId.Of(algorithm, publicKey.Span)));

    public Clock? ClockOf(string name) => State.Peek<Clock>(EntityKind.Clock, ByteString.CopyFromUtf8(name));

    /// <summary>Id of an event: that of its payload stands for it here.</summary>
    public static ByteString IdOf(Event e) => ByteString.CopyFrom(SHA256.HashData(e.ToByteArray()));

    /// <summary>An Ed25519 key of a member; its bytes are only compared here.</summary>
    public static ByteString ValidatorKey(string name, string purpose) => Hash($"{name} {purpose}");

    /// <summary>A card with keys of the member, or of another label, unsigned.</summary>
    public static ByteString Card(string name, Role role, bool validator, string? label = null) =>
        Card(name, role, PublicKey("key of " + (label ?? name)), validator ? [.. Purposes.Select(p => ValidatorKey(label ?? name, p))] : []);

    public static ByteString Card(string name, Role role, ByteString organisationKey, params ByteString[] validatorKeys) =>
        ByteString.CopyFrom([
            (byte)name.Length, .. name.Select(c => (byte)c), 1, (byte)role, .. organisationKey.Span, (byte)(validatorKeys.Length / 3),
            .. validatorKeys.SelectMany(key => key), .. new byte[64 * (1 + validatorKeys.Length)]]);

    public static Propose Add(ByteString card) => new() { AddMember = new AddMember { Card = card } };

    public static Propose Remove(string name, string successor = "") =>
        new() { RemoveMember = new RemoveMember { Name = name, Successor = successor } };

    public static Propose Rotate(ByteString card) => new() { RotateKeys = new RotateKeys { Card = card } };

    public static Propose SetPolicy(Policy policy) => new() { SetPolicy = new SetPolicy { Policy = policy.ToByteString() } };

    public static Propose SetQuorum(uint threshold) => new() { SetQuorum = new SetQuorum { Threshold = threshold } };

    /// <summary>The policy in force, changed.</summary>
    public Propose ChangedPolicy(Action<Policy> change)
    {
        Policy policy = PolicyInForce.Clone();
        change(policy);
        return SetPolicy(policy);
    }

    public Event Propose(Propose change, string by = "regulator") => With(Header(by, RoleOf(by)), e => e.Propose = change);

    public Event Vote(ByteString proposalId, string by, Ballot ballot = Ballot.Approve) =>
        With(Header(by, RoleOf(by)), e => e.Vote = new Vote { ProposalId = proposalId, Ballot = ballot });

    /// <summary>Proposes; gives the id.</summary>
    public ByteString Proposed(Propose change, string by = "regulator")
    {
        Event e = Propose(change, by);
        Done(e);
        return IdOf(e);
    }

    /// <summary>All validators approve until the proposal has passed; the block is not closed.</summary>
    public ByteString Passed(Propose change)
    {
        ByteString id = Proposed(change);
        foreach (string validator in NetworkRecord.Validators.ToArray())
            if (Proposal(id).Status == ProposalStatus.Open) Done(Vote(id, validator));
        Assert.Equal(ProposalStatus.Passed, Proposal(id).Status);
        return id;
    }

    /// <summary>A change that passes alone in its block, and comes into force.</summary>
    public World InForce(Propose change)
    {
        ByteString id = Passed(change);
        CloseBlock();
        Assert.Equal((ProposalStatus.InForce, ProposalFault.Unspecified), (Proposal(id).Status, Proposal(id).Fault));
        return this;
    }

    /// <summary>The seal: what passed comes into force. The next event has the index behind it.</summary>
    public World CloseBlock()
    {
        Leaf++;
        State.Write(new Decision(Outcome.Accepted, contract.CloseBlock(State, new ApplyContext(Now++, Leaf))));
        return this;
    }

    private static readonly string[] Purposes = ["node", "cosigner", "log"];

    private Role RoleOf(string name) => Organisation(name).Roles[0];

    private void Found(params string[] validators)
    {
        var era = new ValidatorEra { Threshold = 3 };
        foreach (string name in validators)
        {
            Organisation member = Organisation(name);
            ByteString[] keys = [.. Purposes.Select(purpose => ValidatorKey(name, purpose))];
            (member.NodeKey, member.CosignerKey, member.LogKey) = (keys[0], keys[1], keys[2]);
            era.Validators.Add(new EraValidator { Name = name, NodeKey = keys[0], CosignerKey = keys[1], LogKey = keys[2] });
            State.Put(EntityKind.Clock, ByteString.CopyFromUtf8(name), new Clock { ReportedMs = Now });
            foreach (ByteString key in keys)
            {
                State.Put(EntityKind.Key, ByteString.CopyFrom(KeyId.Of(KeyId.Ed25519, key.Span)),
                    new Key { Algorithm = KeyId.Ed25519, PublicKey = key, Organisation = name });
            }
        }
        State.Put(EntityKind.Validators, ByteString.CopyFrom(EntityIds.Era(1)), era);
        State.Put(EntityKind.Network, ByteString.CopyFrom(EntityIds.Network), new NetworkRecord
        {
            Origin = Network,
            Era = 1,
            Validators = { validators },
            Members = { "hospital", "hospital-2", Insurer, "pharmacy-a", "pharmacy-b", "regulator" },
        });
    }
}
