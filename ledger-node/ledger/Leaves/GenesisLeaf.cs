using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using RxChain.Ledger.Layout;
using RxChain.Ledger.Members;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Leaves;

/// <summary>
/// Leaf 0. Bytes (big-endian): version u8 = 1, kind u8 = 1, contract version u32, origin (u16 length, UTF-8),
/// created i64 (ms), member count u16, each card (u32 length), policy (u32 length; the Policy message),
/// quorum (u32 length; a C2SP tlog-policy).
/// </summary>
public sealed record GenesisLeaf
{
    /// <summary>Name of the network: a schema-less URL that ends in "/" and 16 hexadecimal digits (64 random bits).</summary>
    public required string Origin { get; init; }

    /// <summary>When the network begins: the first ledger time, ms since the Unix epoch.</summary>
    public required long CreatedMs { get; init; }

    /// <summary>First members, in the order of their names.</summary>
    public required IReadOnlyList<MemberCard> Members { get; init; }

    /// <summary>First policy; names the contract version.</summary>
    public required Policy Policy { get; init; }

    /// <summary>Who must cosign: text of C2SP tlog-policy.</summary>
    public required string QuorumText { get; init; }

    /// <summary>The members that run validators.</summary>
    public IEnumerable<MemberCard> Validators => Members.Where(m => m.Validator is not null);

    /// <summary>The leaf's bytes.</summary>
    public byte[] ToArray()
    {
        var writer = new ByteWriter(4096)
            .U8(LeafFormat.Version).U8((int)LeafKind.Genesis)
            .U32(Policy.ContractVersion).Text16(Origin).I64(CreatedMs).U16(Members.Count);
        foreach (var member in Members)
            writer.Blob32(member.Bytes);
        return writer.Blob32(Policy.ToByteArray()).Blob32(Encoding.UTF8.GetBytes(QuorumText)).ToArray();
    }

    /// <summary>Reads a genesis leaf, and checks every proof of possession, the policy and the quorum.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> leaf, [NotNullWhen(true)] out GenesisLeaf? genesis, out string error)
    {
        genesis = null;
        error = "genesis: does not follow the grammar";
        var reader = new ByteReader(leaf);
        if (reader.U8() != LeafFormat.Version || reader.U8() != (byte)LeafKind.Genesis)
            return false;
        uint contractVersion = reader.U32();
        string origin = reader.Text(reader.U16());
        long created = reader.Count();
        var cards = new ReadOnlyMemory<byte>[reader.U16()];
        for (int i = 0; i < cards.Length && !reader.Failed; i++)
            cards[i] = reader.Blob32();
        var policyBytes = reader.Blob32();
        string quorum = reader.Text32();
        if (!reader.AtEnd || !PolicyRules.TryParse(policyBytes.Span, out var policy) || policy.ContractVersion != contractVersion)
            return false;
        if (!TryParseMembers(origin, cards, out var members, out error))
            return false;
        var parsed = new GenesisLeaf
        {
            Origin = origin,
            CreatedMs = created,
            Members = members,
            Policy = policy,
            QuorumText = quorum,
        };
        error = GenesisRules.FirstFault(parsed) ?? "";
        genesis = error.Length == 0 ? parsed : null;
        return genesis is not null;
    }

    private static bool TryParseMembers(
        string origin, ReadOnlyMemory<byte>[] cards, out MemberCard[] members, out string error)
    {
        members = new MemberCard[cards.Length];
        error = "";
        for (int i = 0; i < cards.Length; i++)
        {
            if (!MemberCard.TryParse(origin, cards[i], out var card, out error))
                return false;
            members[i] = card;
        }
        return true;
    }
}
