using RxChain.Ledger.Leaves;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Leaves;

/// <summary>Event leaves and seals: what is written is read, and nothing else is.</summary>
public sealed class LeafTests(ITestOutputHelper output)
{
    private static readonly SealLeaf Seal = Sealed();

    [Fact]
    public void EventLeaf_OwnEncoding_GivesWhatWasPutIn()
    {
        var envelope = new Story().Issue("rx-1").Bytes;
        Assert.True(EventLeaf.TryParse(new EventLeaf(Outcome.Stale, envelope).ToArray(), out var leaf));
        Assert.Equal(Outcome.Stale, leaf.Outcome);
        Assert.True(leaf.Envelope.Span.SequenceEqual(envelope.Span));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 0, 0 })]
    [InlineData(new byte[] { 2, 2, 0, 0, 1 })]
    [InlineData(new byte[] { 1, 3, 0, 0, 1 })]
    public void EventLeaf_TooShortOrOfAnotherKind_Refused(byte[] leaf) => Assert.False(EventLeaf.TryParse(leaf, out _));

    [Fact]
    public void SealLeaf_OwnEncoding_GivesWhatWasPutIn()
    {
        byte[] bytes = Seal.ToArray();
        Assert.Equal(148 + 34 + Seal.BatchHeader.Length, bytes.Length);
        Assert.True(SealLeaf.TryParse(bytes, out var again));
        Assert.Equal(bytes, again.ToArray());
        Assert.Equal(Seal.FirstLeaf + Seal.EventCount, again.LeafIndex);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(18)]
    [InlineData(134)]
    public void SealLeaf_TopBitOfACount_Refused(int offset)
    {
        byte[] bytes = Seal.ToArray();
        bytes[offset] |= 0x80;
        Assert.False(SealLeaf.TryParse(bytes, out _));
    }

    [Fact]
    public void SealLeaf_TooLongOrTooShort_Refused()
    {
        byte[] bytes = Seal.ToArray();
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(SealLeaf.TryParse(bytes.AsMemory(0, length), out _), $"{length} bytes");
        Assert.False(SealLeaf.TryParse((byte[])[.. bytes, 0], out _));
        Assert.False(SealLeaf.TryParse((Seal with { BatchHeader = new byte[LeafFormat.MaxSizeBytes] }).ToArray(), out _));
    }

    [Fact]
    public void SealLeaf_Mutants_ReturnsAndKeepsTheBytes() => Fuzz.Run(output, [Seal.ToArray(), new TestLedger().Leaves[1]], mutant =>
    {
        if (SealLeaf.TryParse(mutant, out var seal))
            Assert.Equal(mutant, seal.ToArray());
    }, 4 << 20);

    [Fact]
    public void EventLeaf_Mutants_ReturnsAndKeepsTheBytes() =>
        Fuzz.Run(output, [new EventLeaf(Outcome.Accepted, new Story().Issue("rx-1").Bytes).ToArray()], mutant =>
        {
            if (EventLeaf.TryParse(mutant, out var leaf))
                Assert.Equal(mutant, leaf.ToArray());
        });

    [Fact]
    public void RecoveryLeaf_Mutants_ReturnsAndKeepsTheBytes() => Fuzz.Run(output, [new TestLedger().Recovery().ToArray()], mutant =>
    {
        if (RecoveryLeaf.TryParse(mutant, out var record))
            Assert.Equal(mutant, record.ToArray());
    });

    [Fact]
    public void RecoveryStatement_Mutants_ReturnsAndKeepsTheBytes()
    {
        var record = new TestLedger().Recovery();
        Fuzz.Run(output, [record.Statements[0].ToFile(record.Network, record.Epoch)], mutant =>
        {
            if (RecoveryStatement.TryParseFile(mutant, out var statement, out string network, out ulong epoch))
                Assert.Equal(mutant, statement.ToFile(network, epoch));
        });
    }

    private static SealLeaf Sealed()
    {
        var ledger = TestLedger.WithPeople();
        var issue = ledger.Story.Issue("rx-1");
        return ledger.Block(issue, ledger.Story.Issue("rx-2"), issue).Seal;
    }
}
