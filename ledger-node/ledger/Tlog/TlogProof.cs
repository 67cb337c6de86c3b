using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using RxChain.Ledger.Merkle;

namespace RxChain.Ledger.Tlog;

/// <summary>
/// A C2SP tlog-proof, version 1: the offline receipt. It carries a leaf's index, its inclusion proof, the checkpoint with
/// its signatures, and optional extra data, which nothing authenticates.
/// </summary>
public sealed class TlogProof
{
    /// <summary>Longest proof accepted.</summary>
    public const int MaxBytes = SignedNote.MaxBytes + 128 * 1024;

    private const string Header = "c2sp.org/tlog-proof@v1";
    private const string ExtraPrefix = "extra ";
    private const string IndexPrefix = "index ";

    /// <summary>Puts a proof together. Extra data, if there is any, is not empty.</summary>
    public TlogProof(long index, IReadOnlyList<Hash32> hashes, SignedCheckpoint checkpoint, ReadOnlyMemory<byte> extra = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentNullException.ThrowIfNull(checkpoint);
        Index = index;
        Hashes = hashes;
        Checkpoint = checkpoint;
        Extra = extra;
    }

    /// <summary>Zero-based index of the leaf.</summary>
    public long Index { get; }

    /// <summary>The inclusion proof, the leaf's sibling first.</summary>
    public IReadOnlyList<Hash32> Hashes { get; }

    /// <summary>The checkpoint; its signatures are unverified.</summary>
    public SignedCheckpoint Checkpoint { get; }

    /// <summary>Opaque, unauthenticated; empty when the proof has no extra line.</summary>
    public ReadOnlyMemory<byte> Extra { get; }

    /// <summary>Parses a proof strictly: <see cref="ToBytes"/> of the result gives the same bytes.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TlogProof? proof, [NotNullWhen(false)] out string? error)
    {
        proof = null;
        error = bytes.Length > MaxBytes ? $"a proof is at most {MaxBytes} bytes" : null;
        if (error != null)
            return false;
        var hashes = new List<Hash32>();
        byte[] extra = [];
        if (!TryLine(ref bytes, out string line) || line != Header)
            error = $"a proof starts with {Header}";
        else if (TryLine(ref bytes, out line) && line.StartsWith(ExtraPrefix, StringComparison.Ordinal)
            && (!TryExtra(line, out extra) || !TryLine(ref bytes, out line)))
            error = "the extra line is not base64, or the index is missing";
        else if (!TryIndex(line, out long index))
            error = "the index line is missing or malformed";
        else if (!TryHashes(ref bytes, hashes))
            error = "the inclusion proof is not lines of base64 hashes and an empty line";
        else if (SignedCheckpoint.TryParse(bytes, out var checkpoint, out error))
            proof = new TlogProof(index, hashes, checkpoint, extra);
        return error == null;
    }

    /// <summary>True when the inclusion proof leads from this leaf hash to the checkpoint's root. Says nothing about signatures.</summary>
    public bool VerifyInclusion(in Hash32 leafHash) => MerkleVerifier.VerifyInclusion(
        Index, Checkpoint.Checkpoint.Size, leafHash, Hashes.ToArray(), Checkpoint.Checkpoint.Root);

    /// <summary>The proof as UTF-8, <c>.tlog-proof</c> as a file.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(ToString());

    /// <summary>The proof as text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Header).Append('\n');
        if (!Extra.IsEmpty)
            text.Append(ExtraPrefix).Append(Convert.ToBase64String(Extra.Span)).Append('\n');
        text.Append(IndexPrefix).Append(Index.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Hashes)
            text.Append(hash.ToBase64()).Append('\n');
        return text.Append('\n').Append(Checkpoint.Note).ToString();
    }

    private static bool TryExtra(string line, out byte[] extra)
    {
        bool valid = StrictText.TryBase64(line.AsSpan(ExtraPrefix.Length), out byte[]? decoded) && decoded.Length > 0;
        extra = decoded ?? [];
        return valid;
    }

    private static bool TryIndex(string line, out long index)
    {
        index = 0;
        return line.StartsWith(IndexPrefix, StringComparison.Ordinal)
            && StrictText.TryDecimal(line.AsSpan(IndexPrefix.Length), out index);
    }

    private static bool TryHashes(ref ReadOnlySpan<byte> bytes, List<Hash32> hashes)
    {
        while (TryLine(ref bytes, out string line))
        {
            if (line.Length == 0)
                return true;
            if (hashes.Count == MerkleVerifier.MaxProofHashes || !StrictText.TryHash(line, out var hash))
                return false;
            hashes.Add(hash);
        }
        return false;
    }

    // Takes one line off the front. Only ASCII can be right here; anything else fails its own check.
    private static bool TryLine(ref ReadOnlySpan<byte> bytes, out string line)
    {
        int end = bytes.IndexOf((byte)'\n');
        line = end < 0 ? "" : Encoding.Latin1.GetString(bytes[..end]);
        bytes = bytes[(end + 1)..];
        return end >= 0;
    }
}
