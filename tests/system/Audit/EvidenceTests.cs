using System.Text.Json;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;

namespace RxChain.SystemTests.Audit;

/// <summary><c>rxaudit evidence verify</c>, as a court would run it.</summary>
public sealed class EvidenceTests : IDisposable
{
    private const string Renewed = "pharmacy a's new keys";
    private static readonly Lies Lies = new();
    private readonly TemporaryDirectory _temporary = new();

    public static TheoryData<string> Proofs => [.. Lies.Proofs.Keys];

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [MemberData(nameof(Proofs))]
    public void Verify_ProofByAValidatorsKey_Exits0AndSaysWhoseItIs(string which)
    {
        var proof = Lies.Proofs[which];
        Assert.True(proof.Holds(FixedNetwork.Origin, out string what));
        var report = Json(proof);
        Assert.Equal("evidence verify verified", $"{report.GetProperty("command")} {report.GetProperty("result")}");
        var said = report.GetProperty("equivocation");
        string keyName = proof.Kind == EquivocationKind.Cosignatures ? "cosigner key" : "node key";
        Assert.Equal($"{Lies.Name} {keyName} {proof.Key} {what}", string.Join(' ', new[] { "validator", "keyName", "key", "contradiction" }.Select(name => said.GetProperty(name).GetString())));
        Assert.Equal([1], ErasOf(report));
        Assert.Equal(SampleLedger.Small.Leaves.Count, report.GetProperty("checked").GetProperty("leaves").GetInt64());
        Assert.Contains(report.GetProperty("notChecked").EnumerateArray(), line => line.GetString()!.Contains("had the key", StringComparison.Ordinal));
        var (exitCode, output, error) = Run(proof.ToBytes());
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"proved       {Lies.Name} contradicted itself: {what}", output, StringComparison.Ordinal);
        Assert.Contains($"{proof.Key}, its {keyName} in era 1 (from 0 leaves on)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FixedNetwork.PharmacyA, "somebody")]
    [InlineData(FixedNetwork.PharmacyB, FixedNetwork.PharmacyA)]
    [InlineData(FixedNetwork.Insurer, FixedNetwork.Insurer)]
    [InlineData("nobody.example", FixedNetwork.PharmacyA)]
    public void Verify_KeyThatIsNotThatValidators_Exits1(string name, string keys) => Assert.All(
        (Lies with { Name = name, Label = keys }).Proofs.Values,
        proof => Fails(1, "in none of the 1 eras of this ledger was it", proof.ToBytes()));

    [Fact]
    public void Verify_NodeKeyThatCosigned_IsNotTheCosignerKey() =>
        Fails(1, $"was it the cosigner key of {Lies.Name}", (Lies with { CosignsWith = "node" }).SameSize().ToBytes());

    [Fact]
    public void Verify_ProofThatDoesNotHold_Exits1()
    {
        Fails(1, $"does not hold for {FixedNetwork.Origin}", (Lies with { Network = "rx.example/fedcba9876543210" }).SameSize().ToBytes());
        Fails(1, "the checkpoints are consistent", Lies.TwoSizes(Lies.RootOf(4)).ToBytes());
        byte[] proof = Lies.Reports().ToBytes();
        Fails(1, "does not follow the grammar", proof[..^1]);
        proof[100] ^= 1;
        Fails(1, "does not hold", proof);
    }

    [Fact]
    public void Verify_KeysThatWereRotated_NamesTheEra()
    {
        string ledger = Rotated();
        Assert.Equal([1], ErasOf(Json(Lies.SameSize(), ledger)));
        Assert.Equal([2], ErasOf(Json((Lies with { Label = Renewed }).Reports(), ledger)));
        Assert.Equal([1, 2], ErasOf(Json((Lies with { Name = FixedNetwork.PharmacyB }).Reports(), ledger)));
        Fails(1, "in none of the 2 eras", (Lies with { Label = "somebody" }).Reports().ToBytes(), ledger);
    }

    [Fact]
    public void Verify_LedgerThatDoesNotVerify_ProvesNothing()
    {
        var ledger = SampleLedger.Small;
        byte[] proof = Lies.SameSize().ToBytes();
        Fails(4, "missing", proof, _temporary["nothing"]);
        Fails(3, "policy", proof, SampleLedger.Write(_temporary["few"], SampleLedger.Files(ledger.Leaves, ledger.Checkpoint(FixedNetwork.Validators[..2]))));
        byte[][] leaves = [.. ledger.Leaves.Select(leaf => (byte[])leaf.Clone())];
        leaves[^2][^1] ^= 1;
        Fails(1, $"leaf {leaves.Length - 2}", proof, SampleLedger.Write(_temporary["changed"], SampleLedger.Files(leaves, ledger.Checkpoint())));
    }

    [Fact]
    public void WrongUsage_Exits2()
    {
        File.WriteAllBytes(_temporary["proof"], Lies.SameSize().ToBytes());
        string policy = _temporary.WritePolicy();
        string[][] wrong =
        [
            ["evidence"], ["evidence", "verify"], ["evidence", "verify", _temporary["proof"], "--policy", policy],
            ["evidence", "verify", _temporary["proof"], "--ledger", Tiles()],
            ["evidence", "verify", _temporary["none"], "--ledger", Tiles(), "--policy", policy],
            ["evidence", "verify", _temporary["proof"], "--ledger", Tiles(), "--policy", _temporary["none"]],
            ["evidence", "verify", _temporary["proof"], "--ledger", Tiles(), "--policy", policy, "--cert", policy],
        ];
        foreach (string[] arguments in wrong)
        {
            var (exitCode, output, error) = AuditProcess.Run(arguments);
            Assert.Equal((2, ""), (exitCode, output));
            Assert.NotEqual("", error);
        }
    }

    // Pharmacy A has got new keys by vote; it cosigned nothing since.
    private string Rotated()
    {
        var ledger = TestLedger.WithPeople();
        var card = FixedNetwork.Card(FixedNetwork.PharmacyA, [Role.Pharmacy], FixedNetwork.PharmacyA, Renewed, Renewed, Renewed);
        var proposal = ledger.Story.Propose(Story.Rotate(card));
        SignedEvent[] votes = [.. FixedNetwork.Validators[..3].Select(name => ledger.Story.Vote(proposal, name))];
        ledger.Block([proposal, .. votes]);
        ledger.Proposers.Remove(FixedNetwork.PharmacyA);
        ledger.Block();
        var checkpoint = ledger.Checkpoint(FixedNetwork.Hospital, FixedNetwork.PharmacyB, FixedNetwork.Regulator);
        return SampleLedger.Write(_temporary["rotated"], SampleLedger.Files(ledger.Leaves, checkpoint));
    }

    private static int[] ErasOf(JsonElement report) =>
        [.. report.GetProperty("equivocation").GetProperty("eras").EnumerateArray().Select(era => era.GetProperty("number").GetInt32())];

    private void Fails(int expected, string says, byte[] proof, string? ledger = null)
    {
        var (exitCode, output, error) = Run(proof, ledger);
        Assert.True(exitCode == expected, output + error);
        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    private JsonElement Json(EquivocationProof proof, string? ledger = null) => AuditProcess.RunJson(Arguments(proof.ToBytes(), ledger));

    private (int ExitCode, string Output, string Error) Run(byte[] proof, string? ledger = null) => AuditProcess.Run(Arguments(proof, ledger));

    private string[] Arguments(byte[] proof, string? ledger)
    {
        File.WriteAllBytes(_temporary["proof"], proof);
        return ["evidence", "verify", _temporary["proof"], "--ledger", ledger ?? Tiles(), "--policy", _temporary.WritePolicy()];
    }

    private string Tiles() => SampleLedger.Write(_temporary["tiles"], SampleLedger.Files(SampleLedger.Small));
}
