using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <content>Supplies, what becomes of them, tokens and practitioners.</content>
internal sealed partial class ActBuilder
{
    private static string Payer(Step step) =>
        step.M == 7 ? "pharmacy-b" : step.M == 6 ? "insurer-2" : step.M % 3 == 2 ? "" : World.Insurer;

    private DispensedItem[] Items(Step step) => [.. Enumerable.Range(0, (step.M % 3 / 2) + 1).Select(n => Item(step, n))];

    private DispensedItem Item(Step step, int index)
    {
        int line = (step.N + index) % 2;
        if (line < Rx.Lines.Count && Rx.Lines[line].Remaining == 0) line = 1 - line;
        uint left = line < Rx.Lines.Count ? Rx.Lines[line].Remaining : 2;
        uint units = step.N == 6 ? left + 1 : Math.Max(1, Math.Min(left, (uint)(step.N % 3) + 1));
        return new DispensedItem
        {
            Line = step.N == 7 && step.M == 5 ? 2u : (uint)line,
            FulfilsUnits = step.N == 1 ? Math.Max(1, left) : units,
            ProductCommitment = World.Hash("product"),
            SubstitutionCode = step.M == 4 ? 3u : 0,
            Packs = { Packs(step, index) },
        };
    }

    /// <summary>A new pack of its own as a rule, now and then one of a few that all know.</summary>
    private PackUse[] Packs(Step step, int index)
    {
        if (step.M == 3 && (step.N == 3 || !world.Policy.PackCodesMandatory)) return [];
        bool shared = step.M is 0 or 5;
        string code = shared ? "pack-" + (step.N % 4) : $"pack of leaf {world.Leaf}, {index}";
        uint content = step is { N: 5, M: 5 } ? 12u : 10;
        uint taken = shared ? (uint)step.N + 1 : step.N % 2 == 0 ? content : 3;
        return [PackOf(code, content, taken, step.M == 6 && step.N == 7, step.M == 6 && step.N == 3)];
    }

    private PackUse PackOf(string code, uint content, uint taken, bool underOldKey, bool lies)
    {
        // Whose pack a MAC under the key before is, nobody can check: it may be another's.
        string before = lies ? "pack-0" : code;
        uint version = world.Policy.PackKeyVersion - (underOldKey ? 1u : 0);
        return new PackUse
        {
            PackMac = World.Hash($"{code} under {version}"),
            KeyVersion = version,
            Content = content,
            Taken = taken,
            Split = taken < content,
            PreviousMac = world.Policy.PackKeyExchange ? World.Hash($"{before} under {version - 1}") : ByteString.Empty,
        };
    }

    private Event SupplyOf(StepKind kind, Step step) => kind switch
    {
        StepKind.RecordSupply => LateSupply(step),
        StepKind.RecordSupplyByToken => LateSupplyByToken(step),
        StepKind.Emergency => Emergency(step),
        _ => AfterSupply(kind, step),
    };

    /// <summary>Handed over at the beginning, the end or within a claim that was or is.</summary>
    private Event LateSupply(Step step)
    {
        (string Holder, long From, long Until)[] claims =
        [
            .. Rx.PastClaims.Select(c => (c.Holder, c.FromMs, c.UntilMs)).Reverse(),
            .. Rx.Holder.Length > 0 ? [(Rx.Holder, Rx.ClaimFromMs, Rx.ClaimUntilMs)] : Array.Empty<(string, long, long)>(),
            ("pharmacy-a", world.Now - World.Hour, world.Now),
        ];
        (string holder, long from, long until) = claims[step.M % claims.Length];
        long moment = step.N switch
        {
            0 => from,
            1 => until,
            2 => until - 1,
            3 => from - 1,
            5 when Rx.Supplies.LastOrDefault(s => s.Late && s.Dispenser == holder) is { } again => again.HandedOverMs,
            _ => Math.Min(until - 1, from + (step.N * World.Minute)),
        };
        return LateSupplyAt(Or(holder, Network.Pharmacies, step.Who), Math.Min(moment, world.Now), step);
    }

    private Event LateSupplyByToken(Step step)
    {
        long age = new[] { 0, 1, 14, 16, 60, 5 * 60, 6 * 60, 7 * 60 }[step.N] * World.Minute;
        Event e = LateSupplyAt(Pick(Network.Pharmacies, step.Who + (step.M / 3)), world.Now - age, step);
        ByteString key = step.M >= 5 && Rx.OldTokens.Count > 0 ? Rx.OldTokens[step.M % Rx.OldTokens.Count].TokenKey : Rx.TokenKey;
        e.RecordSupply.Token = TokenOf(key);
        return e;
    }

    private Event LateSupplyAt(string pharmacy, long handedOver, Step step)
    {
        Event e = world.LifecycleBy(pharmacy, Role.Pharmacy, Pharmacist(pharmacy, step.N));
        e.TimeMs = handedOver;
        e.RecordSupply = new RecordSupply
        {
            Items = { Items(step) },
            ContentCommitment = World.Hash("record"),
            Payer = Payer(step),
            ReasonCode = Reason,
        };
        return e;
    }

    private Event Emergency(Step step)
    {
        string pharmacy = Pick(Network.Pharmacies, step.Who);
        Event e = world.LifecycleBy(pharmacy, Role.Pharmacy, Pharmacist(pharmacy, step.N));
        (e.Sequence, e.PreviousEventId, e.TimeMs) = (1, ByteString.Empty, world.Now);
        e.EmergencySupply = new EmergencySupply
        {
            Items = { Items(step) },
            ContentCommitment = World.Hash("record"),
            Payer = Payer(step),
            ReasonCode = Reason,
        };
        return e;
    }

    private Supply SupplyAt(int n) => Rx.Supplies.Count == 0 || n == 7
        ? new Supply { EventId = World.Hash("no supply"), Items = { new SuppliedItem() } }
        : Rx.Supplies[(Rx.Supplies.Count - 1 + n) % Rx.Supplies.Count];

    private Event AfterSupply(StepKind kind, Step step)
    {
        Supply supply = SupplyAt(step.M);
        string dispenser = Or(supply.Dispenser, Network.Pharmacies, step.Who);
        Event e = world.LifecycleBy(dispenser, Role.Pharmacy, Pharmacist(dispenser, step.N));
        if (kind == StepKind.Correct)
        {
            e.Correct = new Correct { DispenseId = supply.EventId, ContentCommitment = World.Hash("corrected"), ReasonCode = Reason };
            return e;
        }
        e.Reverse = new Reverse
        {
            Kind = kind == StepKind.ReverseReturned ? Reverse.Types.Kind.Returned : Reverse.Types.Kind.NotHandedOver,
            DispenseId = supply.EventId,
            ReasonCode = Reason,
        };
        if (step.N is 1 or 2) e.Reverse.Items.Add(new ReversedItem { Item = (uint)step.N - 1 });
        return e;
    }

    private Event TokenActOf(StepKind kind, Step step)
    {
        if (kind == StepKind.BindToken)
        {
            return With(world.LifecycleBy(Pick(Network.Pharmacies, step.Who), Role.Pharmacy), e => e.BindToken = new BindToken
            {
                Pharmacy = step.N % 3 == 2 ? "" : Pick(Network.Pharmacies, step.N),
                Token = TokenOf(Rx.TokenKey),
            });
        }
        ByteString key = step.M == 7 ? World.PublicKey(World.TokenName) : World.PublicKey("token of leaf " + world.Leaf);
        return With(world.LifecycleBy(Or(Rx.Issuer, Network.Hospitals, step.Who), Role.Hospital), e =>
            e.ReplaceToken = new ReplaceToken { TokenKey = key, ReasonCode = Reason });
    }

    private Event PractitionerActOf(StepKind kind, Step step)
    {
        if (kind == StepKind.Register)
        {
            string name = step.N == 7 ? "pharmacist-b" : "new-" + (step.N % 4);
            Event e = world.Register(name, Profession.Pharmacist, "pharmacy-b", "hospital");
            if (step.M == 7) e.RegisterPractitioner.PublicKey = World.PublicKey(World.Insurer);
            if (step.Who > 0) Spoiler.ActAs(e, step.Who == 1 ? "clinic" : "hospital", Role.Hospital);
            return e;
        }
        string[] people = [.. Network.People.Keys, "new-0"];
        string[] suspended = [.. people.Where(p => IsRegistered(p) && world.Practitioner(p).Suspended)];
        if (kind == StepKind.Suspend) return world.Suspend(Pick(people, step.N));
        return world.Reinstate(suspended.Length > 0 && step.Who == 0 ? Pick(suspended, step.N) : Pick(people, step.N));
    }
}
