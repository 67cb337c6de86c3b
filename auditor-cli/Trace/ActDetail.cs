using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Auditor.Cli;
using RxChain.Prescriptions.Events;
using ActCase = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.Auditor.Trace;

/// <summary>What an act says, in a line for people. Codes are the network's own.</summary>
/// <param name="nameOf">Names an act by its event id: its leaf, when that is known.</param>
internal sealed class ActDetail(Func<ByteString, string> nameOf)
{
    public string Of(Event e) => string.Join("; ", Parts(e).Where(part => part.Length > 0));

    private string[] Parts(Event e) => e.ActCase switch
    {
        ActCase.Issue => Issue(e.Issue),
        ActCase.Review => [e.Review.Verdict.ToString().ToLowerInvariant(), Reason(e.Review.ReasonCode)],
        ActCase.Claim => [$"claim {e.Claim.ClaimNumber}", Authority(e.Claim)],
        ActCase.ReturnClaim => [Reason(e.ReturnClaim.ReasonCode)],
        ActCase.Dispense => [Items(e.Dispense.Items), Payer(e.Dispense.Payer)],
        ActCase.RecordSupply => [Items(e.RecordSupply.Items), Payer(e.RecordSupply.Payer), HandedOver(e), Reason(e.RecordSupply.ReasonCode), By(e.RecordSupply.Token)],
        ActCase.EmergencySupply => [Items(e.EmergencySupply.Items), Payer(e.EmergencySupply.Payer), Reason(e.EmergencySupply.ReasonCode)],
        ActCase.Correct => [$"supply {nameOf(e.Correct.DispenseId)}", Reason(e.Correct.ReasonCode)],
        ActCase.Reverse => Reverse(e.Reverse),
        ActCase.Close => [Reason(e.Close.ReasonCode)],
        ActCase.Cancel => [Reason(e.Cancel.ReasonCode), By(e.Cancel.Token)],
        ActCase.ReplaceToken => [Reason(e.ReplaceToken.ReasonCode)],
        ActCase.BindToken => [e.BindToken.Pharmacy.Length > 0 ? $"to {e.BindToken.Pharmacy}" : "to no pharmacy any more"],
        _ => SideParts(e),
    };

    private string[] SideParts(Event e) => e.ActCase switch
    {
        ActCase.Settle => [$"supply {nameOf(e.Settle.DispenseId)}", Reason(e.Settle.ReasonCode)],
        ActCase.AdjustSettlement => [$"supply {nameOf(e.AdjustSettlement.DispenseId)}", Reason(e.AdjustSettlement.ReasonCode)],
        ActCase.Hold => [Until(e.Hold.UntilMs), Reason(e.Hold.ReasonCode)],
        ActCase.LiftHold => [Reason(e.LiftHold.ReasonCode)],
        ActCase.OpenDispute => [$"about {nameOf(e.OpenDispute.EventId)}", Reason(e.OpenDispute.ReasonCode), By(e.OpenDispute.Token)],
        ActCase.WithdrawDispute => [$"dispute {nameOf(e.WithdrawDispute.DisputeId)}", By(e.WithdrawDispute.Token)],
        ActCase.ExtendDispute => [$"dispute {nameOf(e.ExtendDispute.DisputeId)}", Reason(e.ExtendDispute.ReasonCode)],
        ActCase.ResolveDispute => [$"dispute {nameOf(e.ResolveDispute.DisputeId)}", $"resolution {e.ResolveDispute.ResolutionCode}"],
        ActCase.AddEvidence => [$"dispute {nameOf(e.AddEvidence.DisputeId)}", By(e.AddEvidence.Token)],
        ActCase.RecordAccess => [$"purpose {e.RecordAccess.PurposeCode}"],
        ActCase.GiveConsent => [$"to {e.GiveConsent.Grantee}", $"purpose {e.GiveConsent.PurposeCode}", Until(e.GiveConsent.UntilMs), By(e.GiveConsent.Token)],
        ActCase.WithdrawConsent => [$"from {e.WithdrawConsent.Grantee}", $"purpose {e.WithdrawConsent.PurposeCode}", By(e.WithdrawConsent.Token)],
        ActCase.Erase => [Reason(e.Erase.ReasonCode), e.Erase.OrderCommitment.IsEmpty ? "" : "by order"],
        _ => [],
    };

    private static string[] Issue(Issue issue) =>
    [
        $"units {string.Join(" ", issue.Lines.Select(line => line.Units))}",
        $"from {ReportJson.Time(issue.NotBeforeMs)} to {ReportJson.Time(issue.NotAfterMs)}",
        issue.Nominee.Length > 0 ? $"nominee {issue.Nominee}" : "",
        issue.Group is { } group ? $"repeat {group.Number} of {group.Of}" : "",
        issue.Replaces.IsEmpty ? "" : $"replaces {Hex(issue.Replaces)}",
        issue.Covers.IsEmpty ? "" : $"covers {Hex(issue.Covers)}",
    ];

    private string[] Reverse(Reverse reverse) =>
    [
        reverse.Kind == RxChain.Prescriptions.Events.Reverse.Types.Kind.NotHandedOver ? "not handed over" : "returned",
        $"supply {nameOf(reverse.DispenseId)}",
        reverse.Items.Count == 0 ? "all of it" : $"items {string.Join(" ", reverse.Items.Select(item => item.Item))}",
        Reason(reverse.ReasonCode),
    ];

    private static string Authority(Claim claim) => claim.AuthorityCase switch
    {
        Claim.AuthorityOneofCase.Token => "by the token",
        Claim.AuthorityOneofCase.Presence => $"{claim.Presence.Payer} attests that the patient is there",
        Claim.AuthorityOneofCase.Override => $"by override, reason {claim.Override.ReasonCode}",
        _ => "nominated",
    };

    private static string Items(RepeatedField<DispensedItem> items) => string.Join(", ", items.Select(item =>
        $"line {item.Line}: {item.FulfilsUnits} units"
        + (item.Packs.Count > 0 ? $" of {item.Packs.Count} packs" : "")
        + (item.SubstitutionCode > 0 ? $" (substitution {item.SubstitutionCode})" : "")));

    private static string HandedOver(Event e) => $"handed over {ReportJson.Time(e.TimeMs)}";

    private static string Payer(string payer) => payer.Length > 0 ? $"payer {payer}" : "";

    private static string By(TokenAuthority? token) => token is null ? "" : "by the patient";

    private static string Until(long untilMs) => $"until {ReportJson.Time(untilMs)}";

    private static string Reason(uint code) => code == 0 ? "" : $"reason {code}";

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);
}
