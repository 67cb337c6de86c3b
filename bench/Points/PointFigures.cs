using RxChain.Bench.Client;
using RxChain.Bench.Processes;

namespace RxChain.Bench.Points;

/// <summary>What was measured on one ledger.</summary>
internal sealed record PointFigures
{
    /// <summary>Events on the ledger when the point began.</summary>
    public required long SizeBefore { get; init; }

    /// <summary>Events on the ledger in the end.</summary>
    public required long SizeAfter { get; init; }

    /// <summary>Acts of a lifecycle: 4 with Review, 3 without.</summary>
    public required int Acts { get; init; }

    /// <summary>The point.</summary>
    public required ClientReport Bulk { get; init; }

    /// <summary>CPU seconds that the node used for the point.</summary>
    public required double NodeCpuSeconds { get; init; }

    /// <summary>Single submissions answered ORDERED.</summary>
    public required ClientReport Ordered { get; init; }

    /// <summary>Single submissions answered FINAL.</summary>
    public required ClientReport Final { get; init; }

    /// <summary>Peak resident memory of the node.</summary>
    public required double NodePeakMegabytes { get; init; }

    /// <summary>Disk of the node after it stopped.</summary>
    public required DiskUse Disk { get; init; }

    /// <summary>The audit of the whole ledger.</summary>
    public required AuditorFigures Audit { get; init; }

    public double EventsPerSecond => Bulk.MedianPerSecond;

    public double SignaturesPerSecond => EventsPerSecond * Workload.Lifecycle.SignaturesPerEvent;

    /// <summary>One token key a lifecycle.</summary>
    public double ImportsPerSecond => EventsPerSecond / Acts;

    public double NodeCpuMicroseconds => NodeCpuSeconds / Bulk.Accepted * 1e6;

    public double ClientCpuMicroseconds => Bulk.CpuSeconds / Bulk.Accepted * 1e6;
}
