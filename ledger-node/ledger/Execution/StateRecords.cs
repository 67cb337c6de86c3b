using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>Writes the first state out of the genesis leaf.</summary>
public static class GenesisState
{
    /// <summary>Id of the one entry of kind POLICY.</summary>
    public static ReadOnlySpan<byte> PolicyId => "policy"u8;

    /// <summary>Id of the one entry of kind NETWORK.</summary>
    public static ReadOnlySpan<byte> NetworkId => "network"u8;

    /// <summary>Id of an era's entry of kind VALIDATORS: its number, u32 big-endian.</summary>
    public static byte[] EraId(uint number)
    {
        byte[] id = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(id, number);
        return id;
    }

    internal static void Write(StateMap state, GenesisLeaf genesis)
    {
        state.Put(EntityKind.Policy, PolicyId, genesis.Policy);
        var network = new NetworkRecord { Origin = genesis.Origin, Era = 1 };
        network.Validators.Add(genesis.Validators.Select(v => v.Name));
        state.Put(EntityKind.Network, NetworkId, network);
        state.Put(EntityKind.Validators, EraId(1), EraOf(genesis));
        foreach (var member in genesis.Members)
        {
            byte[] name = Encoding.UTF8.GetBytes(member.Name);
            byte[] keyId = KeyId.Of(KeyId.EcdsaP256, member.OrganisationKey);
            var organisation = new Organisation { KeyId = ByteString.CopyFrom(keyId) };
            organisation.Roles.Add(member.Roles);
            if (member.Validator is { } validator)
            {
                organisation.NodeKey = ByteString.CopyFrom(validator.Node.Encoded);
                organisation.CosignerKey = ByteString.CopyFrom(validator.Cosigner.Encoded);
                organisation.LogKey = ByteString.CopyFrom(validator.Log.Encoded);
                state.Put(EntityKind.Clock, name, new Clock { ReportedMs = genesis.CreatedMs });
            }
            state.Put(EntityKind.Organisation, name, organisation);
            state.Put(EntityKind.Key, keyId, new Key
            {
                Algorithm = KeyId.EcdsaP256,
                PublicKey = ByteString.CopyFrom(member.OrganisationKey),
                Organisation = member.Name,
                Custody = Custody.Organisation,
            });
        }
    }

    internal static ValidatorEra EraOf(GenesisLeaf genesis)
    {
        var era = new ValidatorEra { Quorum = genesis.QuorumText };
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
