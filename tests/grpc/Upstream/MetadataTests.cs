using Grpc.Core;

namespace RxChain.Grpc.Tests.Upstream;

[Collection(UpstreamSuite.Name)]
public sealed class MetadataTests
{
    [Theory]
    [InlineData("Content-Type", "content-type")]
    [InlineData("a0._-", "a0._-")]
    public void Entry_ValidKey_IsLowerCased(string key, string expected) =>
        Assert.Equal(expected, new Metadata.Entry(key, "v").Key);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData(":path")]
    [InlineData("é")]
    [InlineData("a\n")]
    public void Entry_InvalidKey_IsRefused(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "v"));

    [Theory]
    [InlineData("a-bin")]
    [InlineData("A-BIN")]
    public void Entry_TextUnderBinaryKey_IsRefused(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "v"));

    [Fact]
    public void Entry_BytesUnderTextKey_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a", new byte[1]));

    [Fact]
    public void Entry_Nulls_AreRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry(null!, "v"));
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry("a", (string)null!));
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry("a-bin", (byte[])null!));
    }

    [Fact]
    public void Entry_Bytes_AreCopiedInAndOut()
    {
        byte[] bytes = [1, 2];
        var entry = new Metadata.Entry("A-Bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.True(entry.IsBinary);
        Assert.Equal([1, 2], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
    }

    [Fact]
    public void Entry_Text_IsAlsoAsciiBytes()
    {
        var entry = new Metadata.Entry("a", "bc");

        Assert.False(entry.IsBinary);
        Assert.Equal("bc"u8.ToArray(), entry.ValueBytes);
        Assert.Equal("[Entry: key=a, value=bc]", entry.ToString());
    }

    [Fact]
    public void Get_RepeatedKey_GivesTheLastInAnyCase()
    {
        var metadata = new Metadata { { "a", "1" }, { "b-bin", [7] }, { "A", "2" } };

        Assert.Equal("2", metadata.GetValue("A"));
        Assert.Equal([7], metadata.GetValueBytes("B-bin")!);
        Assert.Equal(["1", "2"], metadata.GetAll("a").Select(entry => entry.Value));
        Assert.Null(metadata.Get("c"));
        Assert.Null(metadata.GetValue("c"));
        Assert.Null(metadata.GetValueBytes("c"));
    }

    [Fact]
    public void List_Changes_KeepOrder()
    {
        var (a, b, c) = (new Metadata.Entry("a", ""), new Metadata.Entry("b", ""), new Metadata.Entry("c", ""));
        var metadata = new Metadata { a, c };
        metadata.Insert(1, b);
        metadata[0] = c;
        metadata.RemoveAt(2);

        Assert.Equal([c, b], metadata);
        Assert.Contains(b, metadata);
        Assert.Equal(1, metadata.IndexOf(b));
        Assert.True(metadata.Remove(b));
        Assert.Single(metadata);
        metadata.Clear();
        Assert.Empty(metadata);
        Assert.Throws<ArgumentNullException>(() => metadata.Add(null!));
    }

    [Fact]
    public void Empty_Changed_Throws()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
        Assert.Throws<InvalidOperationException>(Metadata.Empty.Clear);
        Assert.Empty(Metadata.Empty);
    }
}
