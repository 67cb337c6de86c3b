using System.Text;
using Google.Protobuf;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>Writes the first state out of the genesis leaf.</summary>
internal static class GenesisState
{
    public static void Write(StateMap state, GenesisLeaf genesis)
    {
        state.Put(EntityKind.Policy, EntityIds.Policy, genesis.Policy);
        var network = new NetworkRecord { Origin = genesis.Origin, Era = 1 };
        network.Validators.Add(genesis.Validators.Select(v => v.Name));
        network.Members.Add(genesis.Members.Select(m => m.Name));
        state.Put(EntityKind.Network, EntityIds.Network, network);
        state.Put(EntityKind.Validators, EntityIds.Era(1), EraOf(genesis));
        foreach (var member in genesis.Members)
            Write(state, member, genesis.CreatedMs);
    }

    /// <summary>The first era: the validators of the genesis, under its quorum.</summary>
    public static ValidatorEra EraOf(GenesisLeaf genesis)
    {
        var quorum = TlogPolicy.TryParse(Encoding.UTF8.GetBytes(genesis.QuorumText), out var policy, out var errors)
            ? policy : throw new ArgumentException(errors[0], nameof(genesis));
        var era = new ValidatorEra { Quorum = genesis.QuorumText, Threshold = (uint)quorum.SmallestQuorum };
        era.Validators.Add(genesis.Validators.Select(v => new EraValidator
        {
            Name = v.Name,
            NodeKey = ByteString.CopyFrom(v.Validator!.Node.Encoded),
            CosignerKey = ByteString.CopyFrom(v.Validator.Cosigner.Encoded),
            LogKey = ByteString.CopyFrom(v.Validator.Log.Encoded),
        }));
        return era;
    }

    private static void Write(StateMap state, MemberCard member, long createdMs)
    {
        byte[] name = Encoding.UTF8.GetBytes(member.Name);
        var organisation = new Organisation
        {
            KeyId = WriteKey(state, member.Name, KeyId.EcdsaP256, ByteString.CopyFrom(member.OrganisationKey)),
        };
        organisation.Roles.Add(member.Roles);
        if (member.Validator is { } validator)
        {
            organisation.NodeKey = ByteString.CopyFrom(validator.Node.Encoded);
            organisation.CosignerKey = ByteString.CopyFrom(validator.Cosigner.Encoded);
            organisation.LogKey = ByteString.CopyFrom(validator.Log.Encoded);
            foreach (var key in new[] { organisation.NodeKey, organisation.CosignerKey, organisation.LogKey })
                WriteKey(state, member.Name, KeyId.Ed25519, key);
            state.Put(EntityKind.Clock, name, new Clock { ReportedMs = createdMs });
        }
        state.Put(EntityKind.Organisation, name, organisation);
    }

    private static ByteString WriteKey(StateMap state, string member, byte algorithm, ByteString publicKey)
    {
        byte[] id = KeyId.Of(algorithm, publicKey.Span);
        state.Put(EntityKind.Key, id, new Key
        {
            Algorithm = algorithm,
            PublicKey = publicKey,
            Organisation = member,
            Custody = Custody.Organisation,
        });
        return ByteString.CopyFrom(id);
    }
}
