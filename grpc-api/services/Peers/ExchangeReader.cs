using System.Text;
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

    /// <summary>The message of <paramref name="sender"/> to <paramref name="receiver"/>; null when it does not follow peers.proto.</summary>
    public static PeerMessage? Read(string sender, string receiver, Wire.ExchangeRequest request) => request.MessageCase switch
    {
        Wire.ExchangeRequest.MessageOneofCase.Report => Report(sender, request.Report),
        Wire.ExchangeRequest.MessageOneofCase.Named when request.Named.Size > 0 => new SizeNamed(sender, request.Named.Size),
        Wire.ExchangeRequest.MessageOneofCase.Cosigned => Cosigned(sender, request.Cosigned),
        Wire.ExchangeRequest.MessageOneofCase.Asked when request.Asked.FinalSize >= 0 =>
            new HeadsAsked(sender, request.Asked.Question, request.Asked.KeyId, request.Asked.FinalSize),
        Wire.ExchangeRequest.MessageOneofCase.Shown => Shown(sender, receiver, request.Shown),
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
        return new HeadReport(sender, report.Epoch, heads, Copy(report.Signature));
    }

    private static HeadCosigned? Cosigned(string signer, Wire.HeadCosigned cosigned) =>
        TryHead(cosigned.Head, out var head) && !cosigned.Signature.IsEmpty
            ? new HeadCosigned(signer, head, new NoteSignature(signer, cosigned.KeyId, Copy(cosigned.Signature))) : null;

    private static HeadsShown? Shown(string sender, string receiver, Wire.HeadsShown shown)
    {
        SignedCheckpoint? final = null;
        if (shown.Final.Length > 0 && !SignedCheckpoint.TryParse(Encoding.UTF8.GetBytes(shown.Final), out final, out _))
            return null;
        var yours = shown.Yours is null ? null : Cosigned(receiver, shown.Yours);
        return (yours is null) == (shown.Yours is null) ? new HeadsShown(sender, shown.Question, final, yours) : null;
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
