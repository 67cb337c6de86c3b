using RxChain.Prescriptions.Events;
using Act = RxChain.Prescriptions.Events.Event.ActOneofCase;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Ledger.Tests.Contract;

internal sealed partial class EventGenerator
{
    private void SetSupply(Event e, Act act)
    {
        switch (act)
        {
            case Act.RecordSupply:
                e.RecordSupply = new RecordSupply
                {
                    Items = { Items(uint.MaxValue) },
                    ContentCommitment = Bytes(32),
                    Payer = MaybeName(),
                    ReasonCode = Code(),
                    Token = MaybeToken(),
                };
                break;
            case Act.EmergencySupply:
                e.EmergencySupply = new EmergencySupply
                {
                    Items = { Items(31) },
                    ContentCommitment = Bytes(32),
                    Payer = MaybeName(),
                    ReasonCode = Code(),
                };
                break;
            case Act.Correct:
                e.Correct = new Correct { DispenseId = Bytes(32), ContentCommitment = Bytes(32), ReasonCode = Code() };
                break;
            case Act.Reverse: e.Reverse = Reverse(); break;
            case Act.ReplaceToken: e.ReplaceToken = new ReplaceToken { TokenKey = PublicKey(), ReasonCode = Code() }; break;
            case Act.BindToken: e.BindToken = new BindToken { Pharmacy = MaybeName(), Token = Token() }; break;
            default: SetSideAct(e, act); break;
        }
    }

    private void SetSideAct(Event e, Act act)
    {
        switch (act)
        {
            case Act.Settle:
                e.Settle = new Settle { DispenseId = Bytes(32), AmountCommitment = Bytes(32), ReasonCode = Pick(0u, Code()) };
                break;
            case Act.AdjustSettlement:
                e.AdjustSettlement = new AdjustSettlement
                {
                    DispenseId = Bytes(32),
                    AmountCommitment = Bytes(32),
                    ReasonCode = Code(),
                };
                break;
            case Act.Hold: e.Hold = new Hold { ReasonCode = Code(), UntilMs = Time() }; break;
            case Act.LiftHold: e.LiftHold = new LiftHold { ReasonCode = Code() }; break;
            case Act.RecordAccess: e.RecordAccess = new RecordAccess { PurposeCode = Code() }; break;
            case Act.GiveConsent:
                e.GiveConsent = new GiveConsent
                {
                    Grantee = Name(),
                    PurposeCode = Code(),
                    UntilMs = Time(),
                    Token = MaybeToken(),
                };
                break;
            case Act.WithdrawConsent:
                e.WithdrawConsent = new WithdrawConsent { Grantee = Name(), PurposeCode = Code(), Token = MaybeToken() };
                break;
            case Act.Erase:
                e.Erase = new Erase { ReasonCode = Code(), OrderCommitment = Bytes(e.Role == Role.Regulator ? 32 : 0) };
                break;
            default: SetDisputeAct(e, act); break;
        }
    }

    private void SetDisputeAct(Event e, Act act)
    {
        switch (act)
        {
            case Act.OpenDispute:
                e.OpenDispute = new OpenDispute
                {
                    EventId = Bytes(32),
                    ReasonCode = Code(),
                    StatementCommitment = Bytes(32),
                    Token = MaybeToken(),
                };
                break;
            case Act.WithdrawDispute:
                e.WithdrawDispute = new WithdrawDispute { DisputeId = Bytes(32), Token = MaybeToken() };
                break;
            case Act.ExtendDispute:
                e.ExtendDispute = new ExtendDispute { DisputeId = Bytes(32), ReasonCode = Code() };
                break;
            case Act.ResolveDispute:
                e.ResolveDispute = new ResolveDispute
                {
                    DisputeId = Bytes(32),
                    ResolutionCode = Code(),
                    StatementCommitment = Bytes(32),
                };
                break;
            case Act.AddEvidence:
                e.AddEvidence = new AddEvidence { DisputeId = Bytes(32), EvidenceCommitment = Bytes(32), Token = MaybeToken() };
                break;
            case Act.Propose: e.Propose = Propose(); break;
            case Act.Vote: e.Vote = new Vote { ProposalId = Bytes(32), Ballot = (Ballot)random.Next(1, 3) }; break;
            default: throw new NotSupportedException($"{act}: not generated yet.");
        }
    }

    private Reverse Reverse()
    {
        var reverse = new Reverse { Kind = (Kind)random.Next(1, 3), DispenseId = Bytes(32), ReasonCode = Code() };
        for (uint item = 0; item < 32; item++)
        {
            if (random.Next(8) == 0) reverse.Items.Add(new ReversedItem { Item = item });
        }
        return reverse;
    }
}
