using System.Diagnostics.CodeAnalysis;
using System.Text;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.Parsing;

namespace RxChain.Prescriptions;

/// <summary>
/// What a member card says, as an organisation makes it for the genesis or a proposal. Bytes: name (u8 length), role count
/// u8, roles u8 each ascending, organisation key 65, validator u8 (0 or 1), if 1: node, cosigner and log key 32 each; then
/// the signatures, 64 each: organisation, node, cosigner, log. Whether they verify is not asked here.
/// </summary>
public sealed record MemberCardLayout
{
    private const int ValidatorKeyBytes = 32;

    // A word of C2SP tlog-policy: no witness can be called this.
    private const string ReservedName = "none";

    private MemberCardLayout()
    {
    }

    /// <summary>The organisation's name: 1 to 64 of [a-z0-9.-], not "none".</summary>
    public required string Name { get; init; }

    /// <summary>Its roles, ascending, without repeats, at least one.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>Its signing key: 65 bytes.</summary>
    public required ReadOnlyMemory<byte> OrganisationKey { get; init; }

    /// <summary>Node, cosigner and log key of a validator, 32 bytes each and different; else none.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> ValidatorKeys { get; init; }

    /// <summary>The card without its signatures.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Signatures of the organisation key and the validator keys, in that order, 64 bytes each.</summary>
    public required ReadOnlyMemory<byte> Signatures { get; init; }

    /// <summary>Whether a name has the form that organisations' names have: 1 to 64 of [a-z0-9.-].</summary>
    public static bool IsName(string name) => FieldChecks.Name("", name) is null;

    /// <summary>Reads a card; <paramref name="error"/> says what is wrong.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out MemberCardLayout? card, out string error)
    {
        card = Read(bytes);
        error = card is null ? "does not follow the grammar" : FirstFault(card) ?? "";
        if (error.Length > 0) card = null;
        return card is not null;
    }

    /// <summary>Null when the lengths do not fit.</summary>
    private static MemberCardLayout? Read(ReadOnlyMemory<byte> bytes)
    {
        int at = 0;
        if (!TryTakeCounted(bytes, ref at, out var name) || !TryTakeCounted(bytes, ref at, out var roles)) return null;
        if (!TryTake(bytes, ref at, FieldChecks.PublicKeyBytes, out var organisationKey)) return null;
        if (!TryTake(bytes, ref at, 1, out var flag) || flag.Span[0] > 1) return null;
        var keys = new ReadOnlyMemory<byte>[3 * flag.Span[0]];
        for (int i = 0; i < keys.Length; i++)
            if (!TryTake(bytes, ref at, ValidatorKeyBytes, out keys[i])) return null;
        var body = bytes[..at];
        if (!TryTake(bytes, ref at, FieldChecks.SignatureBytes * (1 + keys.Length), out var signatures) || at != bytes.Length) return null;
        return new MemberCardLayout
        {
            // A byte that is not ASCII becomes '?', which no name has.
            Name = Encoding.ASCII.GetString(name.Span),
            Roles = [.. roles.ToArray().Select(role => (Role)role)],
            OrganisationKey = organisationKey,
            ValidatorKeys = keys,
            Body = body,
            Signatures = signatures,
        };
    }

    private static string? FirstFault(MemberCardLayout card) =>
        FieldChecks.Name("name", card.Name)
        ?? FieldChecks.That("name", card.Name != ReservedName, "a word with a meaning of its own")
        ?? FieldChecks.That("roles", AreRoles(card.Roles), "not 1 to 4, ascending")
        ?? FieldChecks.That("validator keys", AllDiffer(card.ValidatorKeys), "the node, cosigner and log key must differ");

    private static bool AreRoles(IReadOnlyList<Role> roles) =>
        roles.Count > 0 && roles.All(role => role is >= Role.Hospital and <= Role.Insurer)
        && roles.Zip(roles.Skip(1)).All(pair => pair.First < pair.Second);

    private static bool AllDiffer(IReadOnlyList<ReadOnlyMemory<byte>> keys) =>
        keys.Select(key => Convert.ToHexString(key.Span)).Distinct().Count() == keys.Count;

    private static bool TryTakeCounted(ReadOnlyMemory<byte> bytes, ref int at, out ReadOnlyMemory<byte> taken)
    {
        taken = default;
        return TryTake(bytes, ref at, 1, out var length) && TryTake(bytes, ref at, length.Span[0], out taken);
    }

    private static bool TryTake(ReadOnlyMemory<byte> bytes, ref int at, int length, out ReadOnlyMemory<byte> taken)
    {
        bool fits = length <= bytes.Length - at;
        taken = fits ? bytes.Slice(at, length) : default;
        at += taken.Length;
        return fits;
    }
}
