using RxChain.Engine.Ports;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>What goes wrong in a run, and how often.</summary>
internal sealed record SimOptions
{
    public required int Seed { get; init; }

    /// <summary>Validators at the beginning: 4 to 7.</summary>
    public int Validators { get; init; } = SimNetwork.Smallest;

    /// <summary>Of them so many lie, fewer than a third: the last ones.</summary>
    public int Byzantine { get; init; }

    /// <summary>The honest member whose disk is once replaced by an old copy; -1 for none. It counts as a liar.</summary>
    public int OldDisk { get; init; } = -1;

    /// <summary>Members, a bit each, that the order shows its other face.</summary>
    public int OtherFace { get; init; }

    /// <summary>Plants a bug: the order is said to have one face.</summary>
    public bool DenyOtherFace { get; init; }

    /// <summary>What is voted on while events flow, in this order.</summary>
    public IReadOnlyList<SimChangeKind> Changes { get; init; } = [];

    /// <summary>Puts in the order before faults end.</summary>
    public int Puts { get; init; } = 6;

    /// <summary>Points between two power losses, on average; 0 for none.</summary>
    public int PointsPerCrash { get; init; }

    /// <summary>The only point at which the power goes; with it <see cref="Survival"/> is set.</summary>
    public int? CrashAt { get; init; }

    /// <summary>All members lose power at once.</summary>
    public bool CrashAll { get; init; }

    /// <summary>What is left of unflushed data; null for chance.</summary>
    public Unflushed? Survival { get; init; }

    public double DropRate { get; init; }

    public double DuplicateRate { get; init; }

    /// <summary>Chance that a flush waits although there is something to flush.</summary>
    public double FlushLag { get; init; }

    /// <summary>The member that is cut off from its peers while faults last; -1 for none.</summary>
    public int Isolated { get; init; } = -1;

    /// <summary>The member whose clock jumps; -1 for none.</summary>
    public int ClockJumper { get; init; } = -1;

    /// <summary>Garbage, strangers, bad signatures, stale bases, the same again.</summary>
    public bool HostilePuts { get; init; }

    public LogOptions Log { get; init; } = new() { SegmentBytes = 64 << 10, OpenSegments = 2 };

    /// <summary>State buckets changed before they are written out.</summary>
    public int MaxDirtyBuckets { get; init; } = 6;

    /// <summary>Plants a bug: another log for the engine than the real one.</summary>
    public Func<ILeafLog, ILeafLog> WrapLog { get; init; } = log => log;

    /// <summary>Plants a bug: another store of the cosigned head.</summary>
    public Func<ICosignedHeadStore, ICosignedHeadStore> WrapCosigned { get; init; } = store => store;

    /// <summary>Plants a bug: whoever hears one report believes that all have reported.</summary>
    public bool BelieveOneReport { get; init; }

    /// <summary>Everything by chance.</summary>
    public static SimOptions Random(int seed)
    {
        var random = new Random(seed);
        int validators = random.Next(SimNetwork.Smallest, SimNetwork.Largest + 1), liars = random.Next((validators + 2) / 3);
        bool oldDisk = liars > 0 && random.Next(2) == 0;
        // With one validator less the liars must still be fewer than a third.
        var changes = Enum.GetValues<SimChangeKind>().Where(kind => random.Next(4) == 0
            && (kind != SimChangeKind.Begin || validators < SimNetwork.Largest)
            && (kind != SimChangeKind.Remove || (validators > SimNetwork.Smallest && 3 * liars < validators - 1))).ToArray();
        random.Shuffle(changes);
        return new SimOptions
        {
            Seed = seed,
            Validators = validators,
            Byzantine = oldDisk ? liars - 1 : liars,
            OldDisk = oldDisk ? random.Next(4) : -1,
            OtherFace = random.Next(10) == 0 ? random.Next(1 << validators) : 0,
            Changes = changes,
            Puts = random.Next(3, 14) + (6 * changes.Length),
            PointsPerCrash = random.Next(4) == 0 ? 0 : random.Next(20, 300),
            DropRate = random.Next(3) * 0.2,
            DuplicateRate = random.Next(2) * 0.1,
            FlushLag = random.Next(3) * 0.45,
            Isolated = random.Next(-4, validators),
            ClockJumper = random.Next(-2, validators),
            HostilePuts = random.Next(3) > 0,
            Log = new() { SegmentBytes = random.Next(4) == 0 ? 16 << 10 : 64 << 10, OpenSegments = 2 },
            MaxDirtyBuckets = random.Next(1, 20),
        };
    }
}

/// <summary>The simulator found something that must never be.</summary>
internal sealed class SimViolationException(string message, Exception? inner = null) : Exception(message, inner);
