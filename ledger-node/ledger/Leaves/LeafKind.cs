namespace RxChain.Ledger.Leaves;

/// <summary>Second byte of every leaf. The first is the leaf format's version, 1.</summary>
public enum LeafKind : byte
{
    /// <summary>Leaf 0: the network's origin, members, policy and quorum.</summary>
    Genesis = 1,

    /// <summary>One ordered event with its outcome.</summary>
    Event = 2,

    /// <summary>Closes a block.</summary>
    Seal = 3,

    /// <summary>Opens a new epoch.</summary>
    Recovery = 4,
}

/// <summary>Limits and constants of the leaf format.</summary>
public static class LeafFormat
{
    /// <summary>Version byte of every leaf.</summary>
    public const byte Version = 1;

    /// <summary>Greatest length of a leaf in bytes; an entry bundle's length prefix is a u16 (C2SP tlog-tiles).</summary>
    public const int MaxSizeBytes = 65_535;
}
