using RxChain.Engine.Core;
using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;
using RxChain.Storage;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Storage;

public sealed class SqliteSignaturesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory["signatures.db"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Reopen_EverythingIsThere_OfEachKeyTheLastSaved()
    {
        var proof = new EquivocationProof
        {
            Kind = EquivocationKind.HeadReports,
            Validator = "a",
            Key = FixedNetwork.Key("a", "node").PublicKey,
            First = new byte[] { 1 },
            Second = new byte[] { 2 },
        };
        using (var store = SqliteSignatures.Open(Path))
        {
            store.Save([Cosigned("a", 5), Cosigned("b", 5)]);
            store.Save([Cosigned("a", 9)]);
            store.Add(proof);
            store.Save(new Halt(HaltKind.Diverged, "both heads"));
        }
        using var again = SqliteSignatures.Open(Path);
        Assert.Equal([("a", 9L), ("b", 5L)], again.ReadCosignatures().Select(c => (c.Sender, c.Head.Size)));
        Assert.Equal(Cosigned("a", 9).Signature.Signature.ToArray(), again.ReadCosignatures()[0].Signature.Signature.ToArray());
        Assert.Equal(proof.ToBytes(), Assert.Single(again.ReadEvidence()).ToBytes());
        Assert.Equal(new Halt(HaltKind.Diverged, "both heads"), again.ReadHalt());
    }

    [Fact]
    public void Open_NoDatabase_SaysWhatToDo()
    {
        File.WriteAllText(Path, "this is no database, and long enough to be read as the header of one, which it is not");
        Assert.Contains("move it away", Assert.Throws<CorruptLogException>(() => SqliteSignatures.Open(Path)).Message, StringComparison.Ordinal);
    }

    private static HeadCosigned Cosigned(string sender, long size) =>
        new(sender, new CosignedHead(size, Hash32.Sha256([(byte)size])), new NoteSignature(sender, 7, new byte[] { (byte)size }));
}
