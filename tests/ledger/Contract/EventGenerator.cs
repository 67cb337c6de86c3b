using Google.Protobuf;
using RxChain.Prescriptions.Events;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Random events of every kind, with every field in its stated range.</summary>
internal sealed class EventGenerator(Random random)
{
    private const string NameChars = "abcdefghijklmnopqrstuvwxyz0123456789.-";

    public Event Next()
    {
        int kind = random.Next(12);
        bool lifecycle = kind < 9;
        bool opens = kind is 0 or 9;
        var e = new Event
        {
            Network = Pick("n", "réseau.example/0123456789abcdef", new string('x', 128)),
            PrescriptionId = Bytes(lifecycle ? 16 : 0),
            Organisation = Name(),
            Role = (Role)random.Next(1, 5),
            AuthorId = Maybe(16),
            ResponsibleId = Maybe(16),
            TimeMs = Time(),
            Sequence = opens ? 1 : (uint)random.NextInt64(2, 1L << random.Next(2, 33)),
            PreviousEventId = Bytes(opens ? 0 : 32),
        };
        for (int i = random.Next(3); i > 0; i--) e.KeyIds.Add(Bytes(32));
        SetAct(e, kind);
        return e;
    }

    private void SetAct(Event e, int kind)
    {
        switch (kind)
        {
            case 0: e.Issue = Issue(); break;
            case 1: e.Review = Review((Verdict)random.Next(1, 4)); break;
            case 2: e.Confirm = new Confirm { AnswerCommitment = Bytes(32) }; break;
            case 3: e.Claim = Claim(); break;
            case 4: e.ExtendClaim = new ExtendClaim(); break;
            case 5: e.ReturnClaim = new ReturnClaim { ReasonCode = Code() }; break;
            case 6: e.Dispense = Dispense(); break;
            case 7: e.Close = new Close { ReasonCode = Code() }; break;
            case 8: e.Cancel = new Cancel { ReasonCode = Code(), Token = random.Next(2) == 0 ? null : Token() }; break;
            case 9: e.RegisterPractitioner = Register(); break;
            case 10: e.SuspendPractitioner = new SuspendPractitioner { PractitionerId = Bytes(16), ReasonCode = Code() }; break;
            default: e.ReinstatePractitioner = new ReinstatePractitioner { PractitionerId = Bytes(16) }; break;
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
            Nominee = random.Next(2) == 0 ? "" : Name(),
            ContentCustodian = random.Next(2) == 0 ? "" : Name(),
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
        if (random.Next(2) == 0) claim.Nominee = new NomineeAuthority();
        else claim.Token = Token();
        return claim;
    }

    private Dispense Dispense()
    {
        var dispense = new Dispense { ContentCommitment = Bytes(32), Payer = random.Next(2) == 0 ? "" : Name() };
        for (int i = Pick(1, random.Next(1, 33)); i > 0; i--) dispense.Items.Add(Item());
        return dispense;
    }

    private DispensedItem Item()
    {
        var item = new DispensedItem
        {
            Line = (uint)random.NextInt64(1L << 32),
            FulfilsUnits = Units(),
            ProductCommitment = Bytes(32),
            SubstitutionCode = random.Next(2) == 0 ? 0 : Code(),
        };
        for (int i = random.Next(4); i > 0; i--)
        {
            uint content = Units();
            PackUse pack = World.Pack("", content, Pick(content, (uint)random.Next(1, (int)content + 1)));
            (pack.PackMac, pack.KeyVersion) = (Bytes(32), Code());
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

    private ByteString Bytes(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    private ByteString Maybe(int length) => Bytes(random.Next(2) == 0 ? 0 : length);

    private ByteString PublicKey() => ByteString.CopyFrom([4, .. Bytes(64).Span]);

    private string Name() => new(random.GetItems<char>(NameChars, Pick(1, 64, random.Next(1, 65))));

    private long Time() => Pick(1, 253_402_300_799_999 - World.Day, World.Start + random.Next());

    private uint Units() => Pick(1u, 1_000_000u, (uint)random.Next(1, 1_000_001));

    private uint Code() => (uint)random.Next(1, 65_536);

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
