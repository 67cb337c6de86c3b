using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RxChain.Engine;
using RxChain.GrpcApi.Access;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;

namespace RxChain.GrpcApi.Hosting;

/// <summary>
/// The log over HTTP as C2SP tlog-tiles says: checkpoint, hash tiles and entry bundles, up to the last final size.
/// Private caches only: who reads the ledger must be known.
/// </summary>
internal sealed class TileEndpoints(ILedgerNode node)
{
    private const string Immutable = "private, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder routes, ILedgerNode node, HttpAccess access)
    {
        var endpoints = new TileEndpoints(node);
        routes.MapGet("/checkpoint", access.ForTiles(endpoints.GetCheckpoint));
        routes.MapGet("/tile/{**rest}", access.ForTiles(endpoints.GetTile));
    }

    private async Task GetCheckpoint(HttpContext context)
    {
        if (node.FinalCheckpoint is not { } checkpoint)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        byte[] note = checkpoint.ToBytes();
        context.Response.Headers.CacheControl = "no-cache";
        Begin(context, "text/plain; charset=utf-8", note.Length);
        await context.Response.Body.WriteAsync(note, context.RequestAborted);
    }

    private async Task GetTile(HttpContext context)
    {
        long size = node.FinalCheckpoint?.Checkpoint.Size ?? 0;
        string path = context.Request.Path.Value![1..];
        if (!TileId.TryParse(path, out var tile) || !IsBelow(tile, size))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.Headers.CacheControl = Immutable;
        if (tile.IsEntries)
            await WriteEntries(context, tile);
        else
            await WriteHashes(context, tile);
    }

    private static bool IsBelow(TileId tile, long size) =>
        tile.Width <= HashTiles.WidthAt(size, tile.IsEntries ? 0 : tile.Level, tile.Index);

    private async Task WriteHashes(HttpContext context, TileId tile)
    {
        byte[] bytes = new byte[tile.Width * Hash32.SizeBytes];
        for (int i = 0; i < tile.Width; i++)
        {
            if (!node.TryReadNode(tile.Level * TileId.Height, tile.Index * TileId.FullWidth + i, out var hash))
                throw new InvalidOperationException($"The log lacks a node of {tile}, which is below its final size.");
            hash.CopyTo(bytes.AsSpan(i * Hash32.SizeBytes));
        }
        Begin(context, "application/octet-stream", bytes.Length);
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private async Task WriteEntries(HttpContext context, TileId tile)
    {
        Begin(context, "application/octet-stream", null);
        var bundle = context.Response.BodyWriter;
        for (int i = 0; i < tile.Width; i++)
        {
            EntryBundle.Append(bundle, node.ReadLeaf(tile.Index * TileId.FullWidth + i).Span);
            await bundle.FlushAsync(context.RequestAborted);
        }
    }

    private static void Begin(HttpContext context, string contentType, int? length)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = length;
    }
}
