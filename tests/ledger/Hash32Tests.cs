namespace RxChain.Ledger.Tests;

public class Hash32Tests
{
    [Fact]
    public void Sha256_OfAbc_IsTheFipsExample() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Hash32.Sha256("abc"u8).ToString());

    [Fact]
    public void TryParse_OnlySixtyFourHexDigits_AreAccepted()
    {
        var hash = Hash32.Sha256("abc"u8);
        Assert.True(Hash32.TryParse(hash.ToString(), out var read) && read == hash);
        Assert.True(Hash32.TryParse(hash.ToString().ToUpperInvariant(), out read) && read == hash);
        Assert.False(Hash32.TryParse(hash.ToString().AsSpan(1), out _));
        Assert.False(Hash32.TryParse(hash + "0", out _));
        Assert.False(Hash32.TryParse("g" + hash.ToString()[1..], out _));
        Assert.False(Hash32.TryParse("", out _));
    }

    [Fact]
    public void CompareTo_OrdersAsBytesDo()
    {
        var hashes = Enumerable.Range(0, 100).Select(i => Hash32.Sha256([(byte)i])).ToList();
        Assert.Equal(hashes.OrderBy(hash => hash.ToString(), StringComparer.Ordinal), hashes.Order());
        Assert.True(hashes.Min() < hashes.Max());
    }

    [Fact]
    public void Prefix_IsTheFirstBits()
    {
        var hash = Hash32.Parse("abcdef01" + new string('0', 56));
        Assert.Equal(0xabcdeu, hash.Prefix(20));
        Assert.Equal(1u, hash.Prefix(1));
        Assert.Equal(0xabcdef01u, hash.Prefix(32));
    }

    [Fact]
    public void TryCreate_OnlyThirtyTwoBytes_AreAccepted()
    {
        Assert.True(Hash32.TryCreate(new byte[32], out var hash) && hash.IsZero);
        Assert.False(Hash32.TryCreate(new byte[31], out _));
        Assert.Throws<ArgumentException>(() => new Hash32(new byte[33]));
    }

    [Fact]
    public void HashingAndComparing_AllocateNothing()
    {
        var hash = Hash32.Sha256("abc"u8);
        Merkle();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Merkle();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Merkle()
        {
            for (int i = 0; i < 100; i++)
                hash = Ledger.Merkle.Rfc6962.NodeHash(hash, Ledger.Merkle.Rfc6962.LeafHash(hash.Span));
        }
    }
}
