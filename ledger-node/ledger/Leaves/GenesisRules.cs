using System.Buffers;
using System.Text;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Leaves;

/// <summary>What must hold for a network to begin.</summary>
public static class GenesisRules
{
    private const int OriginRandomDigits = 16;
    private static readonly SearchValues<char> OriginCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789./-");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The first thing that is wrong with a genesis, or null.</summary>
    public static string? FirstFault(GenesisLeaf genesis)
    {
        if (!IsOrigin(genesis.Origin))
            return $"genesis: origin \"{genesis.Origin}\" must be 18 to 128 of [a-z0-9./-] and end in '/' and 16 hexadecimal digits";
        var names = genesis.Members.Select(m => m.Name).ToArray();
        if (names.Length == 0 || names.Zip(names.Skip(1)).Any(pair => string.CompareOrdinal(pair.First, pair.Second) >= 0))
            return "genesis: members must be in ascending order of name, without repeats, at least one";
        if (DistinctKeys(genesis) is { } repeated)
            return $"genesis: a key of {repeated} appears twice";
        int sizeBytes = genesis.ToArray().Length;
        if (sizeBytes > LeafFormat.MaxSizeBytes)
            return $"genesis: {sizeBytes} bytes, more than {LeafFormat.MaxSizeBytes}";
        return PolicyFault(genesis.Policy) ?? QuorumFault(genesis);
    }

    /// <summary>Whether a text has the form of a network's origin.</summary>
    public static bool IsOrigin(string origin) =>
        origin.Length is > OriginRandomDigits + 1 and <= 128
        && !origin.AsSpan().ContainsAnyExcept(OriginCharacters)
        && origin[^(OriginRandomDigits + 1)] == '/'
        && !origin.AsSpan(origin.Length - OriginRandomDigits).ContainsAnyExcept(HexDigits);

    private static string? DistinctKeys(GenesisLeaf genesis)
    {
        var seen = new HashSet<string>();
        foreach (var member in genesis.Members)
        {
            if (!seen.Add(Convert.ToHexString(member.OrganisationKey)))
                return member.Name;
            if (member.Validator is { } v && !(seen.Add(v.Node.ToString()) && seen.Add(v.Cosigner.ToString()) && seen.Add(v.Log.ToString())))
                return member.Name;
        }
        return null;
    }

    private static string? PolicyFault(Policy policy)
    {
        if (Contracts.ForVersion(policy.ContractVersion) is null)
            return $"genesis: contract version {policy.ContractVersion} is not known to this program";
        return PolicyRules.FirstFault(policy) is { } fault ? $"genesis: {fault}" : null;
    }

    private static string? QuorumFault(GenesisLeaf genesis)
    {
        var validators = genesis.Validators.ToArray();
        if (validators.Length == 0)
            return "genesis: no member runs a validator";
        if (!TlogPolicy.TryParse(Encoding.UTF8.GetBytes(genesis.QuorumText), out var quorum, out var errors))
            return $"genesis: quorum: {errors[0]}";
        var logs = validators.Select(v => VerifierKey.Create(genesis.Origin, NoteAlgorithm.Ed25519, v.Validator!.Log));
        if (!quorum.Logs.Select(l => l.Key).ToHashSet().SetEquals(logs))
            return "genesis: quorum: its logs must be the validators' log keys under the network's origin";
        var cosigners = validators.Select(v => VerifierKey.Create(v.Name, NoteAlgorithm.CosignatureV1, v.Validator!.Cosigner));
        return QuorumRule.Check(quorum, cosigners.ToHashSet()) is { } fault ? $"genesis: quorum: {fault}" : null;
    }
}
