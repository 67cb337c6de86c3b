using System.Text;
using Google.Protobuf;
using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using Wire = RxChain.Protocol.V1;

namespace RxChain.Peers;

/// <summary>Puts a validator's word into its message. The sender is not in it: the connection says who that is.</summary>
internal static class ExchangeWriter
{
    public static Wire.ExchangeRequest Write(PeerMessage message) => message switch
    {
        HeadReport report => new()
        {
            Report = new Wire.HeadReport
            {
                Heads = { report.Heads.Select(Head) },
                Signature = ByteString.CopyFrom(report.Signature.Span),
                Epoch = report.Epoch,
            },
        },
        SizeNamed named => new() { Named = new Wire.SizeNamed { Size = named.Size } },
        HeadCosigned cosigned => new() { Cosigned = Cosigned(cosigned) },
        HeadsAsked asked => new()
        {
            Asked = new Wire.HeadsAsked { Question = asked.Question, KeyId = asked.CosignerKeyId, FinalSize = asked.FinalSize },
        },
        HeadsShown shown => new()
        {
            Shown = new Wire.HeadsShown
            {
                Question = shown.Question,
                Final = shown.Final is null ? "" : Encoding.UTF8.GetString(shown.Final.ToBytes()),
                Yours = shown.Yours is null ? null : Cosigned(shown.Yours),
            },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(message), $"{message.GetType().Name} has no place in peers.proto."),
    };

    private static Wire.TreeHead Head(CosignedHead head) =>
        new() { Size = head.Size, Root = ByteString.CopyFrom(head.Root.Span) };

    private static Wire.HeadCosigned Cosigned(HeadCosigned cosigned) => new()
    {
        Head = Head(cosigned.Head),
        KeyId = cosigned.Signature.KeyId,
        Signature = ByteString.CopyFrom(cosigned.Signature.Signature.Span),
    };
}
