using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Rules.Network;
using static RxChain.Prescriptions.Parsing.FieldChecks;
using Change = RxChain.Prescriptions.Events.Propose.ChangeOneofCase;

namespace RxChain.Prescriptions.Parsing;

internal static partial class Ranges
{
    private static string? NetworkActOf(Event e) => e.ActCase switch
    {
        Event.ActOneofCase.Propose => Under("propose", ProposeOf(e.Propose)),
        Event.ActOneofCase.Vote => Under("vote",
            Bytes("proposal_id", e.Vote.ProposalId, HashBytes) ?? Given("ballot", e.Vote.Ballot != Ballot.Unspecified)),
        _ => null,
    };

    private static string? ProposeOf(Propose m) => m.ChangeCase switch
    {
        Change.AddMember => CardOf("add_member.card", m.AddMember.Card.Memory),
        Change.RemoveMember => Under("remove_member",
            Name("name", m.RemoveMember.Name) ?? OptionalName("successor", m.RemoveMember.Successor)),
        Change.RotateKeys => CardOf("rotate_keys.card", m.RotateKeys.Card.Memory),
        Change.SetPolicy => Under("set_policy", PolicyOf(m.SetPolicy)),
        Change.SetQuorum => Within("set_quorum.threshold", m.SetQuorum.Threshold, 1, Eras.MaxThreshold),
        _ => "change: none",
    };

    private static string? CardOf(string field, ReadOnlyMemory<byte> card) =>
        MemberCardLayout.TryRead(card, out _, out string error) ? null : $"{field}: {error}";

    private static string? PolicyOf(SetPolicy m)
    {
        if (m.Policy.Length > PolicyRules.MaxSizeBytes) return $"policy: {m.Policy.Length} bytes, at most {PolicyRules.MaxSizeBytes}";
        return PolicyRules.TryParse(m.Policy.Span, out var policy) ? PolicyRules.FirstFault(policy) : "policy: not the canonical encoding of a policy";
    }
}
