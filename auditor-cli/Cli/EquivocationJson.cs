using RxChain.Auditor.Audit;

namespace RxChain.Auditor.Cli;

/// <summary>A verified equivocation proof: whose key it was, what contradicts, and in which eras the key was that validator's.</summary>
internal sealed record EquivocationJson(string Validator, string KeyName, string Key, string Contradiction, IReadOnlyList<KeyEraJson> Eras)
{
    public static EquivocationJson Of(EquivocationAudit audit) => new(
        audit.Proof.Validator, audit.KeyName, audit.Proof.Key.ToString(), audit.Contradiction,
        [.. audit.Eras.Select(era => new KeyEraJson(era.Number, era.FromSize))]);
}

/// <summary>An era, which rules the heads of more leaves than <see cref="FromSize"/>.</summary>
internal sealed record KeyEraJson(uint Number, long FromSize);
