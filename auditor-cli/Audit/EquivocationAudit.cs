using RxChain.Auditor.Findings;
using RxChain.Auditor.Replay;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Members;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tlog;

namespace RxChain.Auditor.Audit;

/// <summary>
/// Judges an equivocation proof by a ledger: it must hold for that network, and the verified ledger must say that the key
/// was the validator's.
/// </summary>
internal sealed class EquivocationAudit(EquivocationProof proof, string file) : IAuditObserver
{
    /// <summary>The proof.</summary>
    public EquivocationProof Proof => proof;

    /// <summary>What contradicts.</summary>
    public string Contradiction { get; private set; } = "";

    /// <summary>The eras in which the key was the validator's, oldest first.</summary>
    public IReadOnlyList<ValidatorSet> Eras { get; private set; } = [];

    /// <inheritdoc/>
    public IReadOnlyList<string> NotChecked => ["when the two statements were signed, and that nobody but the validator had the key"];

    /// <inheritdoc/>
    public Finding? OnCheckpoint(SignedCheckpoint checkpoint)
    {
        bool holds = proof.Holds(checkpoint.Checkpoint.Origin, out string what);
        Contradiction = what;
        return holds ? null : Finding.Tampered("equivocation", $"the proof does not hold for {checkpoint.Checkpoint.Origin}: {what}", file: file);
    }

    /// <inheritdoc/>
    public Finding? OnRun(ParsedRun run) => null;

    /// <inheritdoc/>
    public Finding? OnTile(TileId tile, ReadOnlyMemory<byte> hashes) => null;

    /// <inheritdoc/>
    public void OnBlock(ReplayedBlock block)
    {
    }

    /// <inheritdoc/>
    public Finding? OnVerified(StateMap? state)
    {
        uint last = ValidatorSet.Current(state!).Number;
        Eras = [.. Enumerable.Range(1, (int)last).Select(number => ValidatorSet.Read(state!, (uint)number)).Where(IsItsKey)];
        return Eras.Count > 0 ? null : Finding.Tampered(
            "equivocation", $"{proof.Key} signed both statements, but in none of the {last} eras of this ledger was it the {KeyName} of {proof.Validator}", file: file);
    }

    /// <summary>Which of a validator's keys signs such statements.</summary>
    public string KeyName => proof.Kind == EquivocationKind.Cosignatures ? "cosigner key" : "node key";

    private bool IsItsKey(ValidatorSet era) => proof.Key.Equals(
        proof.Kind == EquivocationKind.Cosignatures ? era.Cosigner(proof.Validator)?.PublicKey : era.NodeKey(proof.Validator));
}
