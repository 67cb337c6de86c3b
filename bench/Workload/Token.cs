using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Bench.Workload;

/// <summary>A patient's token: a new key for each prescription, as in life.</summary>
internal sealed class Token : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Token()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        PublicKey = ByteString.CopyFrom([0x04, .. point.X!, .. point.Y!]);
    }

    public ByteString PublicKey { get; }

    public TokenAuthority ForFirstClaim(string network, ByteString prescriptionId, string pharmacy)
    {
        byte[] body = Statements.ClaimBody(network, prescriptionId.Span, pharmacy, 1);
        byte[] signature = _key.SignHash(
            Dsse.Digest(Statements.Claim, body).ToArray(), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        P256.TryNormalizeLowS(signature);
        return new TokenAuthority { TokenKey = PublicKey, Signature = ByteString.CopyFrom(signature) };
    }

    public void Dispose() => _key.Dispose();
}
