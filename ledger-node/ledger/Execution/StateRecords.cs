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
public static class GenesisState
{
    /// <inheritdoc cref="EntityIds.Policy"/>
    public static ReadOnlySpan<byte> PolicyId => EntityIds.Policy;

    /// <inheritdoc cref="EntityIds.Network"/>
    public static ReadOnlySpan<byte> NetworkId => EntityIds.Network;

    /// <inheritdoc cref="EntityIds.Era"/>
    public static byte[] EraId(uint number) => EntityIds.Era(number);

    internal static void Write(StateMap state, GenesisLeaf genesis)
    {
        state.Put(EntityKind.Policy, PolicyId, genesis.Policy);
        var network = new NetworkRecord { Origin = genesis.Origin, Era = 1 };
        network.Validators.Add(genesis.Validators.Select(v => v.Name));
        network.Members.Add(genesis.Members.Select(m => m.Name));
        state.Put(EntityKind.Network, NetworkId, network);
        state.Put(EntityKind.Validators, EraId(1), EraOf(genesis));
        foreach (var member in genesis.Members)
            Write(state, member, genesis.CreatedMs);
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

    internal static ValidatorEra EraOf(GenesisLeaf genesis)
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
}

/// <summary>The chain over all leaves of one prescription, so that a history shown can be proved complete.</summary>
public static class PrescriptionHistory
{
    /// <summary>chain' = SHA-256(chain 32, leaf hash 32), from 32 zero bytes.</summary>
    public static Hash32 Next(in Hash32 chain, in Hash32 leafHash)
    {
        Span<byte> buffer = stackalloc byte[2 * Hash32.SizeBytes];
        chain.CopyTo(buffer);
        leafHash.CopyTo(buffer[Hash32.SizeBytes..]);
        return Hash32.Sha256(buffer);
    }

    /// <summary>Writes a prescription with one more leaf in its chain.</summary>
    /// <param name="state">The state map.</param>
    /// <param name="head">The block before.</param>
    /// <param name="prescriptionId">16 bytes.</param>
    /// <param name="changed">The new value by the contract, not yet written; null when the event was refused.</param>
    /// <param name="leafHash">Hash of the leaf that holds the event.</param>
    internal static void Extend(
        StateMap state, ChainHead head, ReadOnlySpan<byte> prescriptionId, Prescription? changed, in Hash32 leafHash)
    {
        var known = state.Find<Prescription>(EntityKind.Prescription, prescriptionId);
        if (known is null && changed is null && !RefusedEvents.HasRoom(state, head, EntityKind.Prescription, prescriptionId, Bucket.MaxEntriesByRefusals))
            return;
        var extended = changed ?? known?.Clone() ?? new Prescription();
        var chain = known is null ? default : new Hash32(known.LeafChain.Span);
        extended.LeafChain = ByteString.CopyFrom(Next(chain, leafHash).Span);
        extended.LeafCount = (known?.LeafCount ?? 0) + 1;
        state.Put(EntityKind.Prescription, prescriptionId, extended);
    }
}
