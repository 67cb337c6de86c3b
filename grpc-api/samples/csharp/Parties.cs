using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using RxChain.Client;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;

namespace RxChain.Sample;

/// <summary>Who acts in the sample, out of the file of grpc-api/samples/README.md.</summary>
internal sealed class Parties(JsonElement file)
{
    public string Network => file.GetProperty("network").GetString()!;

    public TlogPolicy Policy => TlogPolicy.TryParse(Encoding.UTF8.GetBytes(file.GetProperty("policy").GetString()!), out var policy, out var errors)
        ? policy : throw new InvalidDataException($"policy: {errors[0]}");

    public static Parties Read(string path) => new(JsonDocument.Parse(File.ReadAllText(path)).RootElement);

    public string Name(string party) => file.GetProperty(party).GetProperty("name").GetString()!;

    public ByteString Id(string party) => ByteString.CopyFrom(Convert.FromHexString(file.GetProperty(party).GetProperty("id").GetString()!));

    public EventSigner Signer(string party)
    {
        string pem = file.GetProperty(party).GetProperty("key").GetString()!;
        byte[] pkcs8 = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
        return P256PrivateKey.TryImportPkcs8(pkcs8, out var key, out string? error)
            ? new EventSigner(key) : throw new InvalidDataException($"{party}: {error}");
    }
}
