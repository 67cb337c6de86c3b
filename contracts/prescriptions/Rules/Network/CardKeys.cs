using Google.Protobuf;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>One key of a member, for one purpose.</summary>
/// <param name="Purpose">0: signs events. 1 to 3: the node, cosigner and log key of a validator.</param>
/// <param name="PublicKey">65 bytes of P-256, or 32 of Ed25519.</param>
internal readonly record struct CardKey(int Purpose, ByteString PublicKey)
{
    public byte Algorithm => Purpose == 0 ? KeyId.EcdsaP256 : KeyId.Ed25519;

    public byte[] Id => KeyId.Of(Algorithm, PublicKey.Span);
}

/// <summary>The keys of a member: one, or four when it validates, in the order of their purposes.</summary>
internal static class CardKeys
{
    public static CardKey[] Of(MemberCardLayout card) => Number(
        card.ValidatorKeys.Prepend(card.OrganisationKey).Select(key => ByteString.CopyFrom(key.Span)));

    public static CardKey[] Of(IStateReader state, Organisation member)
    {
        ByteString own = state.Find<Key>(EntityKind.Key, member.KeyId.Span)!.PublicKey;
        return member.NodeKey.IsEmpty ? Number([own]) : Number([own, member.NodeKey, member.CosignerKey, member.LogKey]);
    }

    private static CardKey[] Number(IEnumerable<ByteString> keys) => [.. keys.Select((key, purpose) => new CardKey(purpose, key))];
}
