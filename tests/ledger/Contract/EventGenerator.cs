using Google.Protobuf;
using RxChain.Prescriptions.Events;
using Act = RxChain.Prescriptions.Events.Event.ActOneofCase;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Random events of every kind, with every field in its stated range.</summary>
internal sealed partial class EventGenerator(Random random)
{
    private const string NameChars = "abcdefghijklmnopqrstuvwxyz0123456789.-";

    /// <summary>Acts by their number in Event.</summary>
    private static readonly Act[] Acts = [.. Enum.GetValues<Act>().Where(act => act != Act.None)];

    public Event Next()
    {
        Act act = Acts[random.Next(Acts.Length)];
        bool practitioner = (int)act is >= 60 and < 70;
        bool network = (int)act >= 70;
        bool side = (int)act is >= 40 and < 60;
        bool first = act is Act.Issue or Act.EmergencySupply or Act.RegisterPractitioner;
        var e = new Event
        {
            Network = Pick("n", "réseau.example/0123456789abcdef", new string('x', 128)),
            PrescriptionId = Bytes(practitioner || network ? 0 : 16),
            Organisation = Name(),
            Role = (Role)random.Next(1, 5),
            AuthorId = Maybe(16),
            ResponsibleId = Maybe(16),
            TimeMs = Time(),
            Sequence = network ? 0 : first ? 1 : (uint)random.NextInt64(side ? 1 : 2, 1L << random.Next(2, 33)),
            PreviousEventId = Bytes(first || network ? 0 : 32),
        };
        for (int i = random.Next(3); i > 0; i--) e.KeyIds.Add(Bytes(32));
        SetAct(e, act);
        return e;
    }

    private void SetAct(Event e, Act act)
    {
        switch (act)
        {
            case Act.Issue: e.Issue = Issue(); break;
            case Act.Review: e.Review = Review((Verdict)random.Next(1, 4)); break;
            case Act.Confirm: e.Confirm = new Confirm { AnswerCommitment = Bytes(32) }; break;
            case Act.Claim: e.Claim = Claim(); break;
            case Act.ExtendClaim: e.ExtendClaim = new ExtendClaim(); break;
            case Act.ReturnClaim: e.ReturnClaim = new ReturnClaim { ReasonCode = Code() }; break;
            case Act.Dispense: e.Dispense = Dispense(); break;
            case Act.Close: e.Close = new Close { ReasonCode = Code() }; break;
            case Act.Cancel: e.Cancel = new Cancel { ReasonCode = Code(), Token = MaybeToken() }; break;
            case Act.RegisterPractitioner: e.RegisterPractitioner = Register(); break;
            case Act.SuspendPractitioner:
                e.SuspendPractitioner = new SuspendPractitioner { PractitionerId = Bytes(16), ReasonCode = Code() };
                break;
            case Act.ReinstatePractitioner:
                e.ReinstatePractitioner = new ReinstatePractitioner { PractitionerId = Bytes(16) };
                break;
            default: SetSupply(e, act); break;
        }
    }

    private Issue Issue()
    {
        long from = Time();
        var issue = new Issue
        {
            NotBeforeMs = from,
            NotAfterMs = from + random.NextInt64(1, World.Day),
            ContentCommitment = Bytes(32),
            TokenKey = random.Next(3) == 0 ? ByteString.Empty : PublicKey(),
            Nominee = MaybeName(),
            ContentCustodian = MaybeName(),
            Replaces = Maybe(16),
            Covers = Maybe(16),
        };
        for (int i = Pick(1, random.Next(1, 33)); i > 0; i--)
            issue.Lines.Add(new Line { Commitment = Bytes(32), Units = Units(), SubstitutionForbidden = random.Next(2) == 0 });
        uint of = (uint)random.Next(2, 65);
        uint number = (uint)random.Next(1, (int)of + 1);
        if (random.Next(2) == 0) issue.Group = new Group { GroupId = Bytes(16), Of = of, Number = number, AfterId = Maybe(16) };
        return issue;
    }

    private Review Review(Verdict verdict) =>
        new() { Verdict = verdict, ReasonCode = verdict == Verdict.Approve ? 0 : Code() };

    private Claim Claim()
    {
        var claim = new Claim { ClaimNumber = (uint)random.NextInt64(1, 1L << 32) };
        switch (random.Next(4))
        {
            case 0: claim.Nominee = new NomineeAuthority(); break;
            case 1: claim.Token = Token(); break;
            case 2: claim.Override = new OverrideAuthority { ReasonCode = Code() }; break;
            default:
                claim.Presence = new PresenceAuthority
                {
                    Payer = Name(),
                    PayerKey = PublicKey(),
                    AttestedMs = Time(),
                    Signature = Bytes(64),
                };
                break;
        }
        return claim;
    }

    private Dispense Dispense() =>
        new() { Items = { Items(uint.MaxValue) }, ContentCommitment = Bytes(32), Payer = MaybeName() };

    private DispensedItem[] Items(uint maxLine) =>
        [.. Enumerable.Range(0, Pick(1, random.Next(1, 33))).Select(_ => Item(maxLine))];

    private DispensedItem Item(uint maxLine)
    {
        var item = new DispensedItem
        {
            Line = (uint)random.NextInt64(maxLine + 1L),
            FulfilsUnits = Units(),
            ProductCommitment = Bytes(32),
            SubstitutionCode = random.Next(2) == 0 ? 0 : Code(),
        };
        for (int i = random.Next(4); i > 0; i--)
        {
            uint content = Units();
            PackUse pack = World.Pack("", content, Pick(content, (uint)random.Next(1, (int)content + 1)));
            (pack.PackMac, pack.KeyVersion, pack.PreviousMac) = (Bytes(32), Code(), Maybe(32));
            item.Packs.Add(pack);
        }
        return item;
    }

    private RegisterPractitioner Register() => new()
    {
        PractitionerId = Bytes(16),
        Profession = (Profession)random.Next(1, 3),
        Organisations = { Enumerable.Range(0, random.Next(1, 33)).Select(_ => Name()).Distinct() },
        PublicKey = PublicKey(),
        ProofOfPossession = Bytes(64),
        Custody = (Custody)random.Next(1, 4),
        CredentialCommitment = Bytes(32),
    };

    private TokenAuthority Token() => new() { TokenKey = PublicKey(), Signature = Bytes(64) };

    private TokenAuthority? MaybeToken() => random.Next(2) == 0 ? null : Token();

    private ByteString Bytes(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    private ByteString Maybe(int length) => Bytes(random.Next(2) == 0 ? 0 : length);

    private ByteString PublicKey() => ByteString.CopyFrom([4, .. Bytes(64).Span]);

    private string Name() => new(random.GetItems<char>(NameChars, Pick(1, 64, random.Next(1, 65))));

    private string MaybeName() => random.Next(2) == 0 ? "" : Name();

    private long Time() => Pick(1, 253_402_300_799_999 - World.Day, World.Start + random.Next());

    private uint Units() => Pick(1u, 1_000_000u, (uint)random.Next(1, 1_000_001));

    private uint Code() => (uint)random.Next(1, 65_536);

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
