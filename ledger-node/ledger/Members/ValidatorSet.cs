using System.Text;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Members;

/// <summary>The validators of one era of a network, and which of them must agree.</summary>
public sealed class ValidatorSet
{
    private readonly Dictionary<string, VerifierKey> _cosigners;
    private readonly Dictionary<string, Ed25519PublicKey> _nodeKeys;

    /// <summary>The validators of an era as the state has it.</summary>
    public ValidatorSet(uint number, ValidatorEra era)
    {
        ArgumentNullException.ThrowIfNull(era);
        Number = number;
        FromSize = (long)era.FromSize;
        Names = [.. era.Validators.Select(v => v.Name)];
        _cosigners = era.Validators.ToDictionary(
            v => v.Name, v => VerifierKey.Create(v.Name, NoteAlgorithm.CosignatureV1, Import(v.CosignerKey.Span)));
        _nodeKeys = era.Validators.ToDictionary(v => v.Name, v => Import(v.NodeKey.Span));
        QuorumText = era.Quorum;
        Quorum = TlogPolicy.TryParse(Encoding.UTF8.GetBytes(era.Quorum), out var policy, out var errors)
            ? policy : throw new ArgumentException(errors[0], nameof(era));
    }

    /// <summary>Number of the era, from 1.</summary>
    public uint Number { get; }

    /// <summary>The era rules the heads of more leaves than this.</summary>
    public long FromSize { get; }

    /// <summary>Names in ascending order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Which sets of cosigners suffice.</summary>
    public TlogPolicy Quorum { get; }

    /// <summary><see cref="Quorum"/> as the text of a C2SP tlog-policy.</summary>
    public string QuorumText { get; }

    /// <summary>The era in force after the last block.</summary>
    public static ValidatorSet Current(IStateReader state) =>
        Read(state, state.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network)!.Era);

    /// <summary>The era that rules the head of a size that is not beyond the last block.</summary>
    public static ValidatorSet At(IStateReader state, long size)
    {
        var era = Current(state);
        while (era.FromSize >= size && era.Number > 1)
            era = Read(state, era.Number - 1);
        return era;
    }

    /// <summary>A validator's cosigner key, or null for another name.</summary>
    public VerifierKey? Cosigner(string name) => _cosigners.GetValueOrDefault(name);

    /// <summary>A validator's node key, or null for another name.</summary>
    public Ed25519PublicKey? NodeKey(string name) => _nodeKeys.GetValueOrDefault(name);

    /// <summary>True when these validators are a quorum.</summary>
    public bool IsQuorum(IEnumerable<string> names) => Quorum.IsQuorum(names.Select(n => _cosigners[n]));

    /// <summary>An era by its number, 1 to that of <see cref="Current"/>. Another number is a bug of the caller.</summary>
    public static ValidatorSet Read(IStateReader state, uint number) =>
        new(number, state.Find<ValidatorEra>(EntityKind.Validators, EntityIds.Era(number))
            ?? throw new InvalidOperationException($"The state has no era {number}: the ledger was not begun."));

    /// <summary>The quorum of an era that a vote began: a tlog-policy with one group of all validators.</summary>
    internal static string WriteQuorum(string origin, ValidatorEra era) => QuorumRule.Write(
        era.Validators.Select(v => VerifierKey.Create(origin, NoteAlgorithm.Ed25519, Import(v.LogKey.Span))),
        [.. era.Validators.Select(v => VerifierKey.Create(v.Name, NoteAlgorithm.CosignatureV1, Import(v.CosignerKey.Span)))],
        (int)era.Threshold);

    private static Ed25519PublicKey Import(ReadOnlySpan<byte> key) =>
        Ed25519PublicKey.TryImport(key, out var imported) ? imported : throw new ArgumentException("The state has a key that is none.");
}
