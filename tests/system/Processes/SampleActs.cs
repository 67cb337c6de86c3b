using RxChain.Prescriptions.Events;

namespace RxChain.SystemTests.Processes;

/// <summary>A prescription of one line: its Issue and its Dispense.</summary>
internal static class SampleActs
{
    /// <summary>Units of the line.</summary>
    public const uint Units = 2;

    private const long DayMs = 86_400_000;

    /// <summary>In its window from a day before to thirty days after this time.</summary>
    public static Issue Issue(long timeMs, Person patient) => new()
    {
        Lines = { new Line { Commitment = Person.RandomBytes(32), Units = Units } },
        NotBeforeMs = timeMs - DayMs,
        NotAfterMs = timeMs + (30 * DayMs),
        ContentCommitment = Person.RandomBytes(32),
        TokenKey = patient.PublicKey,
    };

    /// <summary>All of it, or so many units.</summary>
    public static Dispense Dispense(uint units = Units) => new()
    {
        Items = { new DispensedItem { FulfilsUnits = units, ProductCommitment = Person.RandomBytes(32) } },
        ContentCommitment = Person.RandomBytes(32),
    };
}
