using RxChain.Ledger.Merkle;
using RxChain.Ledger.Tlog;
using RxChain.Testing;

namespace RxChain.Ledger.Tests.Tlog;

/// <summary>The 15-entry log of transparency-dev/tessera: tiles, entry bundles and a checkpoint at each size.</summary>
public class TesseraLogTests
{
    private const int Size = 15;

    [SharedDataFact]
    public void Checkpoints_EverySize_AreSignedByTheLog()
    {
        for (int size = 0; size <= Size; size++)
        {
            var checkpoint = ReadCheckpoint(size);
            Assert.True(NoteVerifier.TryVerify(checkpoint.Note, [LogKey()], out var verified, out string? error), error);
            Assert.Single(verified);
            Assert.Equal((LogKey().Name, size), (checkpoint.Checkpoint.Origin, checkpoint.Checkpoint.Size));
        }
    }

    [SharedDataFact]
    public void Entries_HashedOneByOne_GiveEveryCheckpointsRoot()
    {
        Assert.True(Read(TileId.Entries(0, Size), out var bytes));
        Assert.True(EntryBundle.TryParse(bytes, Size, out var entries));
        var frontier = new MerkleFrontier();
        for (int size = 0; size <= Size; size++)
        {
            Assert.Equal(ReadCheckpoint(size).Checkpoint.Root, frontier.Root);
            if (size < Size)
                frontier.Append(Rfc6962.LeafHash(entries[size].Span));
        }
    }

    [SharedDataFact]
    public void Tiles_EverySize_HashToTheRootAndHoldTheEntries()
    {
        for (int size = 0; size <= Size; size++)
        {
            var root = ReadCheckpoint(size).Checkpoint.Root;
            Assert.True(VerifiedTiles.TryOpen(size, root, Read, out var tiles, out var fault), fault?.ToString());
            Assert.True(MerkleProver.TryRoot(size, tiles.ReadNode, out var computed));
            Assert.Equal(root, computed);
            if (size > 0)
            {
                Assert.True(tiles.TryReadEntries(0, out var entries, out fault), fault?.ToString());
                Assert.Equal(size, entries.Length);
            }
        }
    }

    [SharedDataFact]
    public void Proofs_BetweenAllPairs_Verify()
    {
        for (int size = 0; size <= Size; size++)
        {
            var nodes = new TileReader(size, Read);
            var root = ReadCheckpoint(size).Checkpoint.Root;
            for (int old = 0; old <= size; old++)
            {
                Assert.True(MerkleProver.TryProveConsistency(old, size, nodes.ReadNode, out var proof));
                Assert.True(MerkleVerifier.VerifyConsistency(old, size, ReadCheckpoint(old).Checkpoint.Root, root, proof));
            }
            for (int index = 0; index < size; index++)
            {
                Assert.True(nodes.ReadNode(0, index, out var leaf));
                Assert.True(MerkleProver.TryProveInclusion(index, size, nodes.ReadNode, out var proof));
                Assert.True(MerkleVerifier.VerifyInclusion(index, size, leaf, proof, root));
            }
        }
    }

    private static VerifierKey LogKey() => TestLog.VKey(File.ReadAllText(Locate("vkey.txt")).Trim());

    private static SignedCheckpoint ReadCheckpoint(int size) => TestLog.Parse(File.ReadAllText(Locate($"checkpoint.{size}")));

    private static bool Read(TileId tile, out ReadOnlyMemory<byte> bytes)
    {
        string path = Locate(tile.ToString().Split('/'));
        bytes = File.Exists(path) ? File.ReadAllBytes(path) : default;
        return File.Exists(path);
    }

    private static string Locate(params string[] parts) => SharedData.Locate(["vectors", "tlog-tiles", .. parts]);
}
