using RxChain.Ledger.Keys;
using RxChain.Ledger.Members;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Commands;

/// <summary>Commands that make keys, members and networks.</summary>
[Collection(CommandSuite.Name)]
public sealed class MakingTests : IDisposable
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _root = Directory.CreateTempSubdirectory("rxchain-making-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Init_MakesKeysCardAndConfiguration_ForTheOwnerOnly()
    {
        string data = At("member");

        var made = Programs.RunNode("init", "--data", data, "--name", "north.example", "--role", "pharmacy", "--role", "hospital").Expect(0);

        string network = made.Output.Split('\n')[0].Split(' ')[1];
        Assert.True(MemberCard.TryParse(network, File.ReadAllBytes(Path.Combine(data, "card.rx")), out var card, out string error), error);
        Assert.Equal("north.example", card.Name);
        Assert.Equal([Role.Hospital, Role.Pharmacy], card.Roles);
        Assert.NotNull(card.Validator);
        Assert.Contains(network, File.ReadAllText(Path.Combine(data, "rxnode.json")), StringComparison.Ordinal);
        string[] keys = Directory.GetFiles(Path.Combine(data, "keys"));
        Assert.Equal(["cosigner.key", "log.key", "node.key", "organisation.key"], keys.Select(Path.GetFileName).Order());
        Assert.All(keys, key => Assert.Equal(OwnerReadsAndWrites, File.GetUnixFileMode(key)));
        Assert.Equal(OwnerReadsAndWrites | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
    }

    [Theory]
    [InlineData("--name", "No Name", "--role", "hospital", "--name")]
    [InlineData("--name", "ok", "--role", "king", "--role")]
    [InlineData("--name", "ok", "--role", "hospital", "--network", "--network", "somewhere")]
    public void Init_WrongValue_IsRefusedAndMakesNothing(string a, string b, string c, string d, string wrong, params string[] more)
    {
        string data = At("member");
        Programs.RunNode(["init", "--data", data, a, b, c, d, .. more]).ExpectRefusal(wrong);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public void Init_Again_NeverOverwritesAKey()
    {
        string[] init = ["init", "--data", At("member"), "--name", "ok", "--role", "insurer"];
        Programs.RunNode(init).Expect(0);
        byte[] card = File.ReadAllBytes(At("member", "card.rx"));
        Programs.RunNode(init).ExpectRefusal("organisation.key exists already and is not overwritten");
        Assert.Equal(card, File.ReadAllBytes(At("member", "card.rx")));
    }

    [Theory]
    [InlineData("card.rx")]
    [InlineData("rxnode.json")]
    [InlineData("keys/log.key")]
    public void Init_WhereOneFileIs_NamesItAndMakesNothing(string name)
    {
        string existing = At("member", name);
        Directory.CreateDirectory(Path.GetDirectoryName(existing)!);
        File.WriteAllText(existing, "mine");

        Programs.RunNode("init", "--data", At("member"), "--name", "ok", "--role", "insurer")
            .ExpectRefusal($"{existing} exists already and is not overwritten", "another --data");

        Assert.Equal([existing], Directory.GetFiles(At("member"), "*", SearchOption.AllDirectories));
        Assert.Equal("mine", File.ReadAllText(existing));
    }

    [Theory]
    [InlineData("init", "Option '--data' is required.")]
    [InlineData("keygen", "Option '--out' is required.")]
    [InlineData("genesis", "Option '--card' is required.")]
    [InlineData("run", "Option '--data' is required.")]
    [InlineData("backup", "Option '--out' is required.")]
    [InlineData("restore", "Option '--from' is required.")]
    [InlineData("frobnicate", "Unrecognized command or argument 'frobnicate'.")]
    public void WithoutWhatIsNeeded_SaysSoAndExits1(string command, string message) =>
        Programs.RunNode(command).ExpectRefusal(message);

    [Fact]
    public void Keygen_WritesAKeyForItsOwnerOnly_AndPrintsItsIds()
    {
        var made = Programs.RunNode("keygen", "--out", At("token.key")).Expect(0);

        Assert.Equal(OwnerReadsAndWrites, File.GetUnixFileMode(At("token.key")));
        Assert.True(P256PrivateKey.TryImportPkcs8(File.ReadAllBytes(At("token.key")), out var key, out string? error), error);
        using (key)
        {
            Assert.Contains($"public_key {Convert.ToHexStringLower(key.PublicKey.Encoded)}\n", made.Output, StringComparison.Ordinal);
            Assert.Contains($"key_id     {Convert.ToHexStringLower(KeyId.Of(KeyId.EcdsaP256, key.PublicKey.Encoded))}\n", made.Output, StringComparison.Ordinal);
        }
        byte[] first = File.ReadAllBytes(At("token.key"));
        Programs.RunNode("keygen", "--out", At("token.key")).ExpectRefusal($"{At("token.key")} exists already and is not overwritten");
        Assert.Equal(first, File.ReadAllBytes(At("token.key")));
        Programs.RunNode("keygen", "--out", At("none", "token.key")).ExpectRefusal(At("none"));
    }

    [Fact]
    public void Genesis_OfSeveralCards_WritesGenesisAndPolicy()
    {
        string first = MakeMember("a", "hospital", null, out string network);
        string second = MakeMember("b", "pharmacy", network, out _);

        var made = Programs.RunNode("genesis", "--card", second, first, "--network", network, "--out", At("genesis.rx"), "--policy-out", At("policy")).Expect(0);

        Assert.StartsWith("2 members, 2 validators", made.Output, StringComparison.Ordinal);
        Assert.Contains(File.ReadAllText(At("policy")), made.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, new FileInfo(At("genesis.rx")).Length);
    }

    [Fact]
    public void Genesis_WhereAFileIs_NamesItAndOverwritesNeither()
    {
        string card = MakeMember("a", "hospital", null, out string network);
        Genesis(network, card, "--policy-out", At("policy")).Expect(0);
        byte[] first = File.ReadAllBytes(At("genesis.rx"));

        Genesis(network, card).ExpectRefusal($"{At("genesis.rx")} exists already and is not overwritten", "for another network give other files");
        Programs.RunNode("genesis", "--card", card, "--network", network, "--out", At("other.rx"), "--policy-out", At("policy"))
            .ExpectRefusal($"{At("policy")} exists already and is not overwritten");

        Assert.Equal(first, File.ReadAllBytes(At("genesis.rx")));
        Assert.False(File.Exists(At("other.rx")));
    }

    [Fact]
    public void Genesis_OutOfWrongCards_IsRefused()
    {
        string card = MakeMember("a", "hospital", null, out string network);
        string other = MakeMember("b", "hospital", null, out _);
        string text = At("text");
        File.WriteAllText(text, "not a card");

        Genesis(network, card, other).ExpectRefusal(other, $"Was it made for network {network}?");
        Genesis(network, text).ExpectRefusal(text, "does not follow the grammar");
        Genesis(network, card, card).ExpectRefusal("without repeats");
        Genesis(network, At("none")).ExpectRefusal(At("none"));
        Genesis(network, card, "--claim-hours", "0").ExpectRefusal("claim_period_ms");
        Assert.False(File.Exists(At("genesis.rx")));
    }

    private Finished Genesis(string network, params string[] cards) =>
        Programs.RunNode(["genesis", "--network", network, "--out", At("genesis.rx"), "--card", .. cards]);

    private string MakeMember(string name, string role, string? network, out string origin)
    {
        string[] ofNetwork = network is null ? [] : ["--network", network];
        var made = Programs.RunNode(["init", "--data", At(name), "--name", name, "--role", role, .. ofNetwork]).Expect(0);
        origin = made.Output.Split('\n')[0].Split(' ')[1];
        return At(name, "card.rx");
    }

    private string At(params string[] parts) => Path.Combine([_root, .. parts]);
}
