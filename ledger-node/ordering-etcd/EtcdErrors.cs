using Grpc.Core;

namespace RxChain.Ordering.Etcd;

/// <summary>What etcd's refusals mean.</summary>
internal static class EtcdErrors
{
    /// <summary>True when another member, or the same one later, may do it: no leader, a lost connection, a change of leader, a member that hangs.</summary>
    public static bool IsPassing(RpcException e) => e.StatusCode
        is StatusCode.Unavailable or StatusCode.Unknown or StatusCode.Internal or StatusCode.Cancelled or StatusCode.Aborted
        or StatusCode.DeadlineExceeded;

    /// <summary>What an operator is told.</summary>
    public static string Explain(RpcException e) => e.StatusCode switch
    {
        StatusCode.ResourceExhausted => $"etcd takes no more ({e.Status.Detail}): if its quota is used up, compact, defragment and disarm the alarm.",
        StatusCode.PermissionDenied or StatusCode.Unauthenticated =>
            $"etcd refuses this member ({e.Status.Detail}): check its user, role and certificate.",
        StatusCode.DeadlineExceeded => "etcd did not answer in time.",
        _ => $"etcd: {e.StatusCode} {e.Status.Detail}",
    };
}
