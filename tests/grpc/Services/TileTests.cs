using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using RxChain.GrpcApi.Hosting;
using RxChain.Ledger.Tlog;

namespace RxChain.Grpc.Tests.Services;

public sealed class TileTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    [Fact]
    public async Task Tiles_OfMoreThanOneFullTile_VerifyUnderTheCheckpoint()
    {
        while (host.Node.Status.Size < 300)
            await host.IssueAsync(Drafts.NewId());
        byte[] note = await host.Tiles.GetByteArrayAsync("checkpoint");
        Assert.True(SignedCheckpoint.TryParse(note, out var checkpoint, out _));
        var (size, root) = (checkpoint.Checkpoint.Size, checkpoint.Checkpoint.Root);

        Assert.True(VerifiedTiles.TryOpen(size, root, Fetch, out var tiles, out var fault), fault?.ToString());

        for (long bundle = 0; bundle * TileId.FullWidth < size; bundle++)
            Assert.True(tiles.TryReadEntries(bundle, out _, out fault), fault?.ToString());
    }

    [Theory]
    [InlineData("checkpoint", "text/plain; charset=utf-8", "no-cache")]
    [InlineData("tile/0/000.p/1", "application/octet-stream", "max-age=31536000, private, immutable")]
    [InlineData("tile/entries/000.p/1", "application/octet-stream", "max-age=31536000, private, immutable")]
    public async Task Get_Headers_AreAsTheSpecificationSays(string path, string contentType, string cacheControl)
    {
        using var reply = await host.Tiles.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(contentType, reply.Content.Headers.ContentType!.ToString());
        Assert.Equal(Sorted(cacheControl), Sorted(reply.Headers.CacheControl!.ToString()));
    }

    [Theory]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/0")]
    [InlineData("tile/5/000")]
    [InlineData("tile/64/000")]
    [InlineData("tile/entries/999")]
    [InlineData("tile/0/../../checkpoints")]
    [InlineData("tile/0/")]
    [InlineData("tile")]
    public async Task Get_WhatIsNoTile_IsNotFound(string path)
    {
        using var reply = await host.Tiles.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
    }

    [Fact]
    public async Task Get_LeavesThatAreNotFinal_AreNotShown()
    {
        host.Node.HoldsFinality = true;
        long final = host.Node.Status.FinalSize;
        await host.IssueAsync(Drafts.NewId());
        long durable = host.Node.Status.Size;

        using var beyond = await host.Tiles.GetAsync(TileId.Entries(final / 256, (int)(durable % 256)).ToString());
        host.Node.HoldsFinality = false;

        Assert.Equal(HttpStatusCode.NotFound, beyond.StatusCode);
    }

    [Fact]
    public void Listen_OutsideLoopback_IsRefused()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.RefuseOtherAddresses();
            kestrel.Listen(IPAddress.Any, 0);
        });

        var refusal = Assert.Throws<InvalidOperationException>(builder.Build);

        Assert.Contains("Refusing to listen on 0.0.0.0", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://*:0")]
    public async Task Urls_OutsideLoopback_AreRefused(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.RefuseOtherAddresses()).UseUrls(url);
        await using var app = builder.Build();

        await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync());
    }

    private bool Fetch(TileId tile, out ReadOnlyMemory<byte> bytes)
    {
        using var reply = host.Tiles.Send(new HttpRequestMessage(HttpMethod.Get, tile.ToString()));
        using var body = new MemoryStream();
        reply.Content.ReadAsStream().CopyTo(body);
        bytes = body.ToArray();
        return reply.IsSuccessStatusCode;
    }

    private static string[] Sorted(string header) => [.. header.Split(", ").Order(StringComparer.Ordinal)];
}
