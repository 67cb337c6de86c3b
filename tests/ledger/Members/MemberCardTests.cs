using RxChain.Ledger.Members;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Members;

/// <summary>A card is believed only when every key on it has signed it, for this network.</summary>
public sealed class MemberCardTests(ITestOutputHelper output)
{
    private const string Name = FixedNetwork.Hospital;
    private static readonly MemberCard Validator = FixedNetwork.Card(Name, true, Role.Hospital, Role.Regulator);
    private static readonly MemberCard Observer = FixedNetwork.Card(Name, false, Role.Hospital);

    [Fact]
    public void TryParse_OwnEncoding_GivesWhatWasPutIn()
    {
        Assert.True(MemberCard.TryParse(FixedNetwork.Origin, Validator.Bytes, out var card, out string error), error);
        Assert.Equal(Name, card.Name);
        Assert.Equal([Role.Hospital, Role.Regulator], card.Roles);
        Assert.Equal(FixedKeys.PublicKey(Name), card.OrganisationKey);
        Assert.Equal(FixedNetwork.Key(Name, "node").PublicKey, card.Validator!.Node);
        Assert.Null(Observer.Validator);
    }

    [Fact]
    public void TryParse_AnotherNetwork_Refused() =>
        Assert.False(MemberCard.TryParse("rx.example/fedcba9876543210", Validator.Bytes, out _, out _));

    [Fact]
    public void TryParse_AnyByteChanged_Refused()
    {
        foreach (byte[] bytes in new[] { Validator.Bytes, Observer.Bytes })
        {
            for (int at = 0; at < bytes.Length; at += at < 8 ? 1 : 5)
            {
                byte[] changed = [.. bytes];
                changed[at] ^= 1;
                Assert.False(MemberCard.TryParse(FixedNetwork.Origin, changed, out _, out string error), $"byte {at}");
                Assert.NotEmpty(error);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("UPPER")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void Create_BadName_Refused(string name)
    {
        using var key = FixedKeys.P256(Name);
        Assert.Throws<ArgumentException>(() => MemberCard.Create(FixedNetwork.Origin, name, [Role.Hospital], key));
    }

    [Fact]
    public void Create_NoRoleOrAnUnknownOne_Refused()
    {
        using var key = FixedKeys.P256(Name);
        Assert.Throws<ArgumentException>(() => MemberCard.Create(FixedNetwork.Origin, Name, [], key));
        Assert.Throws<ArgumentException>(() => MemberCard.Create(FixedNetwork.Origin, Name, [(Role)5], key));
    }

    [Fact]
    public void Create_OneKeyForTwoPurposes_Refused()
    {
        using var key = FixedKeys.P256(Name);
        var node = FixedNetwork.Key(Name, "node");
        Assert.Throws<ArgumentException>(() =>
            MemberCard.Create(FixedNetwork.Origin, Name, [Role.Hospital], key, node, node, FixedNetwork.Key(Name, "log")));
    }

    [Fact]
    public void TryParse_RolesDescendingOrRepeated_Refused()
    {
        foreach (byte[] roles in new byte[][] { [3, 1], [1, 1], [0], [] })
        {
            byte[] name = [(byte)Name.Length, .. System.Text.Encoding.ASCII.GetBytes(Name)];
            byte[] body = [.. name, (byte)roles.Length, .. roles, .. FixedKeys.PublicKey(Name), 0];
            byte[] card = [.. body, .. FixedKeys.Sign(Name, FixedNetwork.CardStatement(body))];
            Assert.False(MemberCard.TryParse(FixedNetwork.Origin, card, out _, out _));
        }
    }

    [Fact]
    public void TryParse_TrailingByte_Refused() =>
        Assert.False(MemberCard.TryParse(FixedNetwork.Origin, (byte[])[.. Observer.Bytes, 0], out _, out _));

    [Fact]
    public void TryParse_Mutants_AcceptsOnlyTheOriginals()
    {
        byte[][] samples = [Validator.Bytes, Observer.Bytes];
        Fuzz.Run(output, samples, mutant =>
        {
            if (MemberCard.TryParse(FixedNetwork.Origin, mutant, out var card, out _))
                Assert.Contains(samples, sample => sample.AsSpan().SequenceEqual(card.Bytes));
        });
    }
}
