using FsCheck;
using FsCheck.Fluent;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>Random histories, and smaller ones that may fail for the same reason.</summary>
internal static class Histories
{
    public const int Longest = 100;

    private static readonly StepKind[] Kinds = Enum.GetValues<StepKind>();

    private static readonly Gen<StepKind> AnyKind =
        Gen.Frequency(Kinds.Select(k => (WeightOf(k), Gen.Constant(k))).ToArray());

    /// <summary>All kinds, or a few of them again and again: then lists fill up and rare things meet.</summary>
    private static readonly Gen<Gen<StepKind>> Palettes = Gen.Frequency(
        (6, Gen.Constant(AnyKind)),
        (1, Gen.Elements(StepKind.OpenDispute, StepKind.ReplaceToken).Select(list => Gen.Elements(StepKind.Next, list, list))),
        (2, from some in Gen.Elements(Kinds).ArrayOf(5) select Gen.Elements([StepKind.Next, StepKind.Next, StepKind.Next, .. some])));

    private static readonly Gen<Settings> AnySettings =
        from n in Gen.Choose(0, 999).ArrayOf(7)
        select new Settings(
            Reviews: Usual(n[0], 600, 3),
            LateReviews: Usual(n[1], 700, 3),
            Packs: Usual(n[2], 500, 4),
            Claims: n[3] % 2,
            Custody: Usual(n[4], 600, 4),
            Lists: Usual(n[5], 500, 4),
            Periods: Usual(n[6], 700, 3));

    public static Arbitrary<History> Any { get; } = Arb.From(
        from settings in AnySettings
        from palette in Palettes
        from slots in Gen.Elements(1, 3, ActBuilder.Slots, ActBuilder.Slots)
        from length in Gen.Choose(20, Longest)
        from steps in StepOf(palette, slots).ArrayOf(length)
        select new History(settings, steps),
        Smaller);

    private static Gen<Step> StepOf(Gen<StepKind> kinds, int slots) =>
        from kind in kinds
        from n in Gen.Choose(0, 9_999).ArrayOf(6)
        let rx = n[0] % (n[0] % 3 == 0 ? slots : Math.Min(slots, 4))
        select new Step(kind, rx, Usual(n[1], 8_500, 4), n[2] % 8, n[3] % 8, WaitOf(n[4]), Usual(n[5], 9_000, Spoiler.Count));

    private static int WeightOf(StepKind kind) => kind switch
    {
        StepKind.Next => 90,
        StepKind.Dispense => 12,
        StepKind.RecordSupply or StepKind.RecordSupplyByToken or StepKind.Settle => 5,
        StepKind.IssueCovering or StepKind.OpenDispute => 4,
        StepKind.Hold or StepKind.Lift or StepKind.WithdrawConsent => 6,
        StepKind.Cancel or StepKind.PatientCancel or StepKind.Close or StepKind.Reject => 2,
        StepKind.Suspend or StepKind.Register => 1,
        StepKind.ExchangePackKey or StepKind.RevokeKey or StepKind.RemoveMember => 1,
        _ => 3,
    };

    /// <summary>Mostly none: a claim must last for more than a few acts.</summary>
    private static int WaitOf(int n) => n switch
    {
        < 7_500 => 0,
        < 9_000 => 1 + (n % 3),
        < 9_300 => Waits.ToNextMoment + (n % 2),
        _ => 4 + (n % 47 % 7 % 4),
    };

    /// <summary>0 as a rule, else any of 1 to <paramref name="count"/> - 1.</summary>
    private static int Usual(int n, int below, int count) => n < below ? 0 : 1 + (n % (count - 1));

    public static IEnumerable<History> Smaller(History history)
    {
        Step[] steps = history.Steps;
        for (int size = steps.Length / 2; size >= 1; size /= 2)
        {
            for (int at = 0; at + size <= steps.Length; at += size)
                yield return history with { Steps = [.. steps[..at], .. steps[(at + size)..]] };
        }
        if (history.Settings != new Settings(0, 0, 0, 0, 0, 0, 0))
            yield return history with { Settings = new Settings(0, 0, 0, 0, 0, 0, 0) };
        for (int at = 0; at < steps.Length; at++)
        {
            foreach (Step simpler in Simpler(steps[at]).Where(s => s != steps[at]))
                yield return history with { Steps = [.. steps[..at], simpler, .. steps[(at + 1)..]] };
        }
    }

    private static IEnumerable<Step> Simpler(Step step) =>
    [
        step with { Wrong = 0 }, step with { Wait = 0 }, step with { Who = 0 },
        step with { N = 0 }, step with { M = 0 }, step with { Rx = 0 },
    ];
}
