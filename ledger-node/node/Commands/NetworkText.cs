using System.Globalization;
using System.Text;
using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using Change = RxChain.Prescriptions.Events.Propose.ChangeOneofCase;

namespace RxChain.Node.Commands;

/// <summary>A network in lines for a terminal: members, who validates, open proposals with their votes.</summary>
internal static class NetworkText
{
    public static string Describe(GetNetworkResponse network)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"network {network.Network}, era {network.EraNumber}: {network.Era.Threshold} of {network.Era.Validators.Count} validators must cosign and approve\n");
        foreach (var member in network.Members)
            text.Append(CultureInfo.InvariantCulture, $"member {member.Name}: {Roles(member.Organisation.Roles)}{(member.Organisation.NodeKey.IsEmpty ? "" : ", validator")}, key {Short(member.Organisation.KeyId)}\n");
        foreach (var open in network.Proposals)
            text.Append(CultureInfo.InvariantCulture, $"proposal {Convert.ToHexStringLower(open.ProposalId.Span)}: {Describe(open.Proposal)}\n");
        return text.Append(network.Proposals.Count == 0 ? "no open proposals" : "vote with rxnode vote PROPOSAL --approve or --reject").ToString();
    }

    private static string Describe(Proposal proposal)
    {
        string votes = string.Join(", ", proposal.Votes.Select(vote => $"{vote.Validator} {(vote.Ballot == Ballot.Approve ? "approves" : "rejects")}"));
        string until = DateTimeOffset.FromUnixTimeMilliseconds(proposal.UntilMs).ToString("u", CultureInfo.InvariantCulture);
        return $"{Describe(proposal.Change)}; by {proposal.Proposer}; until {until}; {(votes.Length > 0 ? votes : "no votes")}";
    }

    private static string Describe(Propose change) => change.ChangeCase switch
    {
        Change.AddMember => $"add {Card(change.AddMember.Card)}",
        Change.RemoveMember => $"remove {change.RemoveMember.Name}{(change.RemoveMember.Successor.Length > 0 ? $", succeeded by {change.RemoveMember.Successor}" : "")}",
        Change.RotateKeys => $"new keys for {Card(change.RotateKeys.Card)}",
        Change.SetPolicy => $"set policy {(PolicyRules.TryParse(change.SetPolicy.Policy.Span, out var policy) ? policy : "")}",
        _ => $"let {change.SetQuorum.Threshold} validators cosign",
    };

    // The key ids are what to compare with the organisation on another way.
    private static string Card(ByteString bytes)
    {
        if (!MemberCardLayout.TryRead(bytes.Memory, out var card, out string error))
            return $"a card that cannot be read: {error}";
        string keys = string.Join(" ", card.ValidatorKeys.Select(key => Short(ByteString.CopyFrom(KeyId.Of(KeyId.Ed25519, key.Span)))));
        string own = Short(ByteString.CopyFrom(KeyId.Of(KeyId.EcdsaP256, card.OrganisationKey.Span)));
        return $"{card.Name} ({Roles(card.Roles)}; key {own}{(keys.Length > 0 ? $"; validator keys {keys}" : "; no validator")})";
    }

    private static string Roles(IEnumerable<Role> roles) => string.Join(" ", roles.Select(role => role.ToString().ToLowerInvariant()));

    private static string Short(ByteString id) => Convert.ToHexStringLower(id.Span[..8]);
}
