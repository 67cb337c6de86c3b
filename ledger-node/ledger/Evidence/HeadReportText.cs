using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using RxChain.Ledger.Layout;
using RxChain.Ledger.Tlog;

namespace RxChain.Ledger.Evidence;

/// <summary>
/// What the signature of a head report covers (docs/FORMAT.md, "Head reports"): <c>RxChain head report v1</c>, the network,
/// the epoch, the sender, then a line with size and root for each head, all ended by a newline. An honest validator never
/// reports two roots for one size in one epoch.
/// </summary>
/// <param name="Network">Origin of the network.</param>
/// <param name="Epoch">Epoch of the ordering in which the sender has these heads.</param>
/// <param name="Sender">Name of the validator.</param>
/// <param name="Heads">Sizes and roots, as reported.</param>
public sealed record HeadReportText(string Network, ulong Epoch, string Sender, IReadOnlyList<(long Size, Hash32 Root)> Heads)
{
    private const int LinesBeforeHeads = 4;

    /// <summary>The signed bytes.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"RxChain head report v1\n{Network}\n{Epoch}\n{Sender}\n");
        foreach (var (size, root) in Heads)
            text.Append(CultureInfo.InvariantCulture, $"{size} {root}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads signed bytes; false when <see cref="ToBytes"/> would not write exactly these.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out HeadReportText? report)
    {
        report = null;
        var reader = new ByteReader(bytes);
        string[] lines = reader.Text(bytes.Length).Split('\n');
        if (lines.Length <= LinesBeforeHeads || !ulong.TryParse(lines[2], NumberStyles.None, CultureInfo.InvariantCulture, out ulong epoch))
            return false;
        var heads = new List<(long, Hash32)>();
        foreach (string line in lines[LinesBeforeHeads..^1])
        {
            if (line.Split(' ') is not [var size, var root] || !StrictText.TryDecimal(size, out long leaves)
                || !Hash32.TryParse(root, out var hash))
                return false;
            heads.Add((leaves, hash));
        }
        var parsed = new HeadReportText(lines[1], epoch, lines[3], heads);
        report = parsed.ToBytes().AsSpan().SequenceEqual(bytes.Span) ? parsed : null;
        return report is not null;
    }
}
