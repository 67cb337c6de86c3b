using Google.Protobuf;
using RxChain.Engine.Ports;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Reading;

/// <summary>Shows what ended by itself.</summary>
internal static class LapseNotices
{
    /// <summary>One notice, with the ledger time of its seal. The kinds have the same numbers.</summary>
    public static LapseNotice Create(LookupNotice found, long ledgerTimeMs) => new()
    {
        Kind = (LapseNotice.Types.Kind)found.Lapse.Kind,
        PrescriptionId = UnsafeByteOperations.UnsafeWrap(found.PrescriptionId),
        MomentMs = found.Lapse.MomentMs,
        Status = found.Lapse.Status,
        Issuer = found.Issuer,
        Organisation = found.Lapse.Organisation,
        DisputeId = found.Lapse.DisputeId,
        PurposeCode = found.Lapse.PurposeCode,
        LeafIndex = found.SealLeaf,
        LedgerTimeMs = ledgerTimeMs,
    };
}
