using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Batches;

/// <summary>A batch is exactly its header and the envelopes that the header names.</summary>
public sealed class BatchTests(ITestOutputHelper output)
{
    private const long MaxAllocatedBytes = 4 << 20;
    private static readonly SignedEvent[] Events = [new Story().Issue("rx-1"), new Story().Issue("rx-2")];
    private static readonly BatchHeader Header = new TestLedger().Header(Events);
    private static readonly byte[] HeaderBytes = TestLedger.SignHeader(Header, Header.Proposer);
    private static readonly byte[] Bytes = Encode(Events);

    [Fact]
    public void TryParse_OwnEncoding_GivesWhatWasPutIn()
    {
        Assert.True(Batch.TryParse(Bytes, out var batch, out string error), error);
        Assert.Equal(HeaderBytes, batch.HeaderBytes.ToArray());
        Assert.Equal(Header.EnvelopeHashes, batch.Header.EnvelopeHashes);
        Assert.Equal(Events.Select(e => e.EventId), batch.Events.Select(e => e.EventId));
        Assert.Equal(HeaderBytes[..^64], batch.Header.UnsignedBytes());
    }

    [Fact]
    public void TryParse_EnvelopesExchanged_NotTheOnesNamed() => Refused(Encode([Events[1], Events[0]]), "event 0 is not the one");

    [Fact]
    public void TryParse_EnvelopeMissing_Refused() => Refused(Encode([Events[0]]), "event 1");

    [Fact]
    public void TryParse_EnvelopeAdded_Refused() => Refused(Encode([.. Events, Events[0]]), "bytes after the last envelope");

    [Fact]
    public void TryParse_OneMalformedEvent_VoidWhole()
    {
        byte[] bad = [.. Bytes];
        bad[^1] ^= 1;
        Refused(bad, "event 1 is not the one");
        bad[^66] ^= 1;
        Refused(bad, "event 1: envelope");
    }

    [Fact]
    public void TryParse_LongerThan64KiB_Refused() => Refused(new byte[Batch.MaxSizeBytes + 1], "65537 bytes");

    [Fact]
    public void TryParse_EveryPrefix_Refused()
    {
        for (int length = 0; length < Bytes.Length; length++)
            Assert.False(Batch.TryParse(Bytes.AsMemory(0, length), out _, out _), $"{length} bytes");
    }

    [Fact]
    public void HeaderTryParse_NegativeHeightOrClock_Refused()
    {
        Assert.False(BatchHeader.TryParse(TestLedger.SignHeader(Header with { BaseHeight = -1 }, Header.Proposer), out _));
        Assert.False(BatchHeader.TryParse(TestLedger.SignHeader(Header with { ClockMs = -1 }, Header.Proposer), out _));
    }

    [Fact]
    public void TryParse_Mutants_ReturnsAndKeepsTheBytes() => Fuzz.Run(output, [Bytes, Encode([])], mutant =>
    {
        if (Batch.TryParse(mutant, out var batch, out string error))
            Assert.Equal(mutant, Batch.Encode(batch.HeaderBytes.Span, [.. batch.Events.Select(e => e.Bytes)]));
        else
            Assert.NotEmpty(error);
    }, MaxAllocatedBytes);

    [Fact]
    public void HeaderTryParse_Mutants_ReturnsAndKeepsTheBytes() => Fuzz.Run(output, [HeaderBytes], mutant =>
    {
        if (BatchHeader.TryParse(mutant, out var header))
            Assert.Equal(mutant[..^64], header.UnsignedBytes());
    }, MaxAllocatedBytes);

    private static byte[] Encode(SignedEvent[] events) => Batch.Encode(HeaderBytes, [.. events.Select(e => e.Bytes)]);

    private static void Refused(byte[] bytes, string says)
    {
        Assert.False(Batch.TryParse(bytes, out _, out string error));
        Assert.Contains(says, error, StringComparison.Ordinal);
    }
}
