namespace Grpc.Core;

/// <summary>The outcome of a call; the numbers are those on the wire (<c>grpc-status</c>, google.rpc.Code).</summary>
public enum StatusCode
{
    /// <summary>It succeeded.</summary>
    OK = 0,

    /// <summary>Given up, usually by the caller.</summary>
    Cancelled = 1,

    /// <summary>Failed with an error that has no code here.</summary>
    Unknown = 2,

    /// <summary>The arguments are wrong whatever the system's state.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed first; the work may yet have been done.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What should be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota or a size limit is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>The system's state does not allow it; retrying does not help until the state is changed.</summary>
    FailedPrecondition = 9,

    /// <summary>Lost a race; retry at a higher level.</summary>
    Aborted = 10,

    /// <summary>Outside a range that the system's state sets.</summary>
    OutOfRange = 11,

    /// <summary>The server has no such method.</summary>
    Unimplemented = 12,

    /// <summary>An invariant is broken.</summary>
    Internal = 13,

    /// <summary>Not available now; retrying later may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged for good.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
