namespace RxChain.Engine.Core;

/// <summary>Why a node takes no more writes.</summary>
public enum HaltKind
{
    /// <summary>
    /// A quorum has another log, or this validator's key cosigned another one. It never cosigns again, serves its last
    /// final state, and stays so over restarts until its data is replaced.
    /// </summary>
    Diverged = 1,

    /// <summary>The ordering is lost or forked. The log stands, what is in it can still become final, and all of it is served.</summary>
    OrderingLost = 2,
}

/// <summary>A node that goes on for readers only.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Reason">What is known, with both heads or the signed headers: for the operator and for whoever submits.</param>
public sealed record Halt(HaltKind Kind, string Reason);
