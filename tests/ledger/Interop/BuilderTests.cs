using System.Text;
using RxChain.Interop;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Interop;

public sealed class BuilderTests
{
    [Fact]
    public void Commitment_OfTheVectorInFormatMd()
    {
        var salt = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        var commitment = Commitment.Compute(Commitment.LineDomain, salt, "{\"a\":1}"u8);
        Assert.Equal("70c64b4d3f6c5fd396cc9e52ed90e51d991d32cfdd4730702d96cd6d8f05b61e", Convert.ToHexStringLower(commitment));
    }

    [Fact]
    public void Commitment_Verifies_OnlyWithItsOwnDomainSaltAndContent()
    {
        var (salt, content) = (new byte[32], "content"u8.ToArray());
        var commitment = Commitment.Compute(Commitment.LineDomain, salt, content);
        Assert.True(Commitment.Verify(Commitment.LineDomain, salt, content, commitment));
        Assert.False(Commitment.Verify(Commitment.ProductDomain, salt, content, commitment));
        Assert.False(Commitment.Verify(Commitment.LineDomain, [.. salt.AsSpan(1), 1], content, commitment));
        Assert.False(Commitment.Verify(Commitment.LineDomain, salt.AsSpan(1), content, commitment));
        Assert.False(Commitment.Verify(Commitment.LineDomain, salt, content.AsSpan(1), commitment));
        Assert.False(Commitment.Verify(Commitment.LineDomain, salt, content, commitment.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => Commitment.Compute(Commitment.LineDomain, salt.AsSpan(1), content));
    }

    [Fact]
    public void Issue_OfARepeat_CarriesWindowGroupAndOpenableCommitments()
    {
        var prescription = Prescription("repeat-2-of-3");
        var after = new byte[16];
        var draft = IssueBuilder.Build(prescription, new IssueTerms { Nominee = "corner-pharmacy", AfterId = after }, Salts());
        Assert.Equal(prescription.Window, new FhirWindow(draft.Issue.NotBeforeMs, draft.Issue.NotAfterMs));
        Assert.Equal(prescription.Repeat!.Id.ToString("N"), Convert.ToHexStringLower(draft.Issue.Group.GroupId.Span));
        Assert.Equal((2u, 3u), (draft.Issue.Group.Number, draft.Issue.Group.Of));
        Assert.Equal(after, draft.Issue.Group.AfterId);
        Assert.Equal("corner-pharmacy", draft.Issue.Nominee);
        Opens(draft.Document, Commitment.PrescriptionDomain, draft.Issue.ContentCommitment.Span);
        Opens(Assert.Single(draft.Lines), Commitment.LineDomain, Assert.Single(draft.Issue.Lines).Commitment.Span);
        Assert.Equal(prescription.Document.ToArray(), draft.Document.Content.ToArray());
    }

    [Fact]
    public void Issue_OfTwoLines_KeepsTheirOrder()
    {
        var issue = IssueBuilder.Build(Prescription("two-lines"), new IssueTerms(), Salts()).Issue;
        Assert.Equal([2u, 1u], issue.Lines.Select(l => l.Units));
        Assert.Null(issue.Group);
        Assert.NotEqual(issue.Lines[0].Commitment, issue.Lines[1].Commitment);
    }

    [Fact]
    public void Issue_BuiltTwice_CommitsDifferently()
    {
        var salts = Salts();
        var (one, two) = (Build(), Build());
        Assert.NotEqual(one.ContentCommitment, two.ContentCommitment);
        Assert.NotEqual(one.Lines[0].Commitment, two.Lines[0].Commitment);
        Issue Build() => IssueBuilder.Build(Prescription("single-pack"), new IssueTerms(), salts).Issue;
    }

    [Fact]
    public void Dispense_OfWholePacks_FulfilsThem()
    {
        var dispense = Dispense("partial-fill", 1);
        var draft = DispenseBuilder.Build(dispense, Fulfilment.Usual(dispense, remainingUnits: 2), "stonebridge", Salts());
        var item = Assert.Single(draft.Dispense.Items);
        Assert.Equal((0u, 2u, 0u), (item.Line, item.FulfilsUnits, item.SubstitutionCode));
        Assert.Equal("stonebridge", draft.Dispense.Payer);
        Opens(draft.Document, Commitment.DispenseDomain, draft.Dispense.ContentCommitment.Span);
        Opens(Assert.Single(draft.Products), Commitment.ProductDomain, item.ProductCommitment.Span);
    }

    [Fact]
    public void Dispense_OfOtherPackSizes_FulfilsWhatRemainsTogether()
    {
        var dispense = Dispense("other-pack-sizes", 0);
        var draft = DispenseBuilder.Build(dispense, Fulfilment.Usual(dispense, remainingUnits: 1), "", Salts());
        Assert.Equal(1u, Assert.Single(draft.Dispense.Items).FulfilsUnits);
        var products = dispense.Items.Select(i => Encoding.UTF8.GetString(i.Content.Span));
        Assert.Equal($"[{string.Join(',', products)}]", Encoding.UTF8.GetString(Assert.Single(draft.Products).Content.Span));
    }

    [Theory]
    [InlineData("single-pack", 3u)] // No quantity.
    [InlineData("compounding", 1u)] // 100 g are not 100 units.
    public void Dispense_WithoutPacks_FulfilsWhatRemains(string sample, uint remaining) =>
        Assert.Equal(remaining, Assert.Single(Fulfilment.Usual(Dispense(sample, 0), remaining)).Units);

    [Fact]
    public void Dispense_AsTold_KeepsLinesPacksAndSubstitution()
    {
        var dispense = Dispense("two-lines", 0);
        var pack = new PackUse { KeyVersion = 1, Content = 3, Taken = 3 };
        Fulfilment[] told = [new(0, 2, [0]) { Packs = [pack] }, new(1, 1, [1])];
        var items = DispenseBuilder.Build(dispense, told, "", Salts()).Dispense.Items;
        Assert.Equal([(0u, 2u), (1u, 1u)], items.Select(i => (i.Line, i.FulfilsUnits)));
        Assert.Equal(pack, Assert.Single(items[0].Packs));
        var substituted = Dispense("trainee-author", 0);
        Assert.Equal(DispenseBuilder.Substituted, DispenseBuilder.Build(substituted, [new(0, 1, [0])], "", Salts()).Dispense.Items[0].SubstitutionCode);
    }

    [Fact]
    public void Dispense_ThatForgetsOrRepeatsAProduct_IsABug()
    {
        var dispense = Dispense("two-lines", 0);
        Assert.Throws<ArgumentException>(() => DispenseBuilder.Build(dispense, [new(0, 1, [0])], "", Salts()));
        Assert.Throws<ArgumentException>(() => DispenseBuilder.Build(dispense, [new(0, 1, [0, 1]), new(1, 1, [1])], "", Salts()));
        Assert.Throws<ArgumentException>(() => DispenseBuilder.Build(dispense, [new(0, 1, [0, 1]), new(1, 1, [])], "", Salts()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fulfilment.Usual(dispense, remainingUnits: 0));
    }

    private static void Opens(CommittedContent content, string domain, ReadOnlySpan<byte> commitment)
    {
        Assert.Equal(domain, content.Domain);
        Assert.True(Commitment.Verify(domain, content.Salt.Span, content.Content.Span, commitment));
    }

    /// <summary>Salts 1, 2, 3 ...: different, and the same in each run.</summary>
    private static Func<byte[]> Salts()
    {
        byte next = 0;
        return () => [.. Enumerable.Repeat(++next, Commitment.SaltSizeBytes)];
    }

    private static FhirPrescription Prescription(string sample)
    {
        Assert.True(FhirReader.TryReadPrescription(FhirSamples.Prescription(sample, FhirSamples.IssuedOn), FhirOptions.Default, out var prescription, out _));
        return prescription;
    }

    private static FhirDispense Dispense(string sample, int number)
    {
        Assert.True(FhirReader.TryReadDispense(FhirSamples.Dispenses(sample, FhirSamples.IssuedOn)[number], FhirOptions.Default, out var dispense, out _));
        return dispense;
    }
}
