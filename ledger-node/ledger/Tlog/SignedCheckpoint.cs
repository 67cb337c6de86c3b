using System.Diagnostics.CodeAnalysis;

namespace RxChain.Ledger.Tlog;

/// <summary>A checkpoint as a signed note. Its signatures are unverified until <see cref="TlogPolicy.Evaluate"/>.</summary>
public sealed class SignedCheckpoint
{
    private SignedCheckpoint(Checkpoint checkpoint, SignedNote note)
    {
        Checkpoint = checkpoint;
        Note = note;
    }

    /// <summary>Puts signatures to a checkpoint.</summary>
    public SignedCheckpoint(Checkpoint checkpoint, IEnumerable<NoteSignature> signatures)
        : this(checkpoint, new SignedNote(checkpoint.ToString(), signatures))
    {
    }

    /// <summary>The body.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Body and signature lines.</summary>
    public SignedNote Note { get; }

    /// <summary>Parses a signed note whose text is a checkpoint.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedCheckpoint? result, [NotNullWhen(false)] out string? error)
    {
        result = null;
        if (!SignedNote.TryParse(bytes, out var note, out error) || !Checkpoint.TryParse(note.Text, out var checkpoint, out error))
            return false;
        result = new SignedCheckpoint(checkpoint, note);
        return true;
    }

    /// <summary>The note as UTF-8; after parsing, the bytes that were parsed.</summary>
    public byte[] ToBytes() => Note.ToBytes();
}
