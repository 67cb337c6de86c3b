using Google.Protobuf;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;
using Wire = RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Peers;

/// <summary>Reads a validator's word. What is signed in it is for the core to verify.</summary>
internal static class ExchangeReader
{
    private const int MaxHeads = 4096;

    /// <summary>The message with <paramref name="sender"/> as who it is from; null when it does not follow peers.proto.</summary>
    public static PeerMessage? Read(string sender, Wire.ExchangeRequest request) => request.MessageCase switch
    {
        Wire.ExchangeRequest.MessageOneofCase.Report => Report(sender, request.Report),
        Wire.ExchangeRequest.MessageOneofCase.Named when request.Named.Size > 0 => new SizeNamed(sender, request.Named.Size),
        Wire.ExchangeRequest.MessageOneofCase.Cosigned when TryHead(request.Cosigned.Head, out var head) => new HeadCosigned(
            sender, head, new NoteSignature(sender, request.Cosigned.KeyId, Copy(request.Cosigned.Signature))),
        Wire.ExchangeRequest.MessageOneofCase.Asked => new HeadsAsked(sender, request.Asked.Question),
        Wire.ExchangeRequest.MessageOneofCase.Shown
            when TryHeadOrNone(request.Shown.Final, out var final) && TryHeadOrNone(request.Shown.Yours, out var yours) =>
            new HeadsShown(sender, request.Shown.Question, final, yours),
        _ => null,
    };

    private static HeadReport? Report(string sender, Wire.HeadReport report)
    {
        if (report.Heads.Count is 0 or > MaxHeads)
            return null;
        var heads = new CosignedHead[report.Heads.Count];
        for (int i = 0; i < heads.Length; i++)
        {
            if (!TryHead(report.Heads[i], out heads[i]))
                return null;
        }
        return new HeadReport(sender, heads, Copy(report.Signature));
    }

    private static bool TryHeadOrNone(Wire.TreeHead? head, out CosignedHead read)
    {
        read = default;
        return head is null || TryHead(head, out read);
    }

    private static bool TryHead(Wire.TreeHead? head, out CosignedHead read)
    {
        read = default;
        if (head is not { Size: > 0 } || !Hash32.TryCreate(head.Root.Span, out var root))
            return false;
        read = new CosignedHead(head.Size, root);
        return true;
    }

    private static ReadOnlyMemory<byte> Copy(ByteString bytes) => bytes.ToByteArray();
}
