using System.Diagnostics.CodeAnalysis;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Layout;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Members;

/// <summary>The three Ed25519 public keys of a validator, 32 bytes each.</summary>
/// <param name="Node">Signs batch headers and reports.</param>
/// <param name="Cosigner">Cosigns checkpoints; its note name is the member's name.</param>
/// <param name="Log">Signs checkpoints as the log; its note name is the network's origin.</param>
public sealed record ValidatorKeys(Ed25519PublicKey Node, Ed25519PublicKey Cosigner, Ed25519PublicKey Log);

/// <summary>
/// What an organisation says about itself when it joins or changes its keys, signed with every key it names (proof of
/// possession). Its bytes: <see cref="MemberCardLayout"/>. Each signature is of a context line, the network origin (u16
/// length) and the bytes before the signatures.
/// </summary>
public sealed class MemberCard
{
    private const int SignatureSizeBytes = 64;
    private static readonly byte[] SignedContext = "RxChain member card v1\n"u8.ToArray();

    private MemberCard(string name, IReadOnlyList<Role> roles, byte[] organisationKey, ValidatorKeys? validator, byte[] bytes)
    {
        Name = name;
        Roles = roles;
        OrganisationKey = organisationKey;
        Validator = validator;
        Bytes = bytes;
    }

    /// <summary>The organisation's name: 1 to 64 of [a-z0-9.-].</summary>
    public string Name { get; }

    /// <summary>Its roles, ascending, without repeats.</summary>
    public IReadOnlyList<Role> Roles { get; }

    /// <summary>Its signing key: uncompressed P-256 point, 65 bytes.</summary>
    public byte[] OrganisationKey { get; }

    /// <summary>Set when it runs a validator.</summary>
    public ValidatorKeys? Validator { get; }

    /// <summary>The card's bytes, signatures included.</summary>
    public byte[] Bytes { get; }

    /// <summary>Makes and signs a card.</summary>
    public static MemberCard Create(
        string network, string name, IEnumerable<Role> roles, P256PrivateKey organisation,
        Ed25519PrivateKey? node = null, Ed25519PrivateKey? cosigner = null, Ed25519PrivateKey? log = null)
    {
        var ascending = roles.Distinct().Order().ToArray();
        var validator = node is not null && cosigner is not null && log is not null
            ? new ValidatorKeys(node.PublicKey, cosigner.PublicKey, log.PublicKey) : null;
        byte[] body = Body(name, ascending, organisation.PublicKey.Encoded, validator);
        byte[] signed = SignedBytes(network, body);
        byte[] bytes = [.. body, .. organisation.Sign(signed)];
        if (validator is not null)
            bytes = [.. bytes, .. node!.Sign(signed), .. cosigner!.Sign(signed), .. log!.Sign(signed)];
        return TryParse(network, bytes, out var card, out string error)
            ? card : throw new ArgumentException(error, nameof(name));
    }

    /// <summary>Reads a card and verifies each proof of possession; <paramref name="error"/> says what is wrong.</summary>
    public static bool TryParse(
        string network, ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out MemberCard? card, out string error)
    {
        card = null;
        if (!MemberCardLayout.TryRead(bytes, out var layout, out error))
        {
            error = $"member card: {error}";
            return false;
        }
        if (!TryVerify(layout, SignedBytes(network, layout.Body.Span), out var validator, out error))
        {
            error = $"member card of {layout.Name}: {error}";
            return false;
        }
        card = new MemberCard(layout.Name, layout.Roles, layout.OrganisationKey.ToArray(), validator, bytes.ToArray());
        return true;
    }

    /// <inheritdoc cref="MemberCardLayout.IsName"/>
    public static bool IsName(string name) => MemberCardLayout.IsName(name);

    private static bool TryVerify(MemberCardLayout layout, byte[] signed, out ValidatorKeys? validator, out string error)
    {
        validator = null;
        if (!P256PublicKey.TryImport(layout.OrganisationKey.Span, out var organisation, out string? keyError))
        {
            error = $"organisation key: {keyError}";
            return false;
        }
        using (organisation)
        {
            error = "organisation key: proof of possession does not verify";
            if (!organisation.Verify(signed, layout.Signatures.Span[..SignatureSizeBytes]))
                return false;
        }
        var imported = new Ed25519PublicKey[layout.ValidatorKeys.Count];
        for (int i = 0; i < imported.Length; i++)
        {
            error = $"{(i == 0 ? "node" : i == 1 ? "cosigner" : "log")} key: not a valid key, or its proof of possession does not verify";
            var signature = layout.Signatures.Span.Slice((i + 1) * SignatureSizeBytes, SignatureSizeBytes);
            if (!Ed25519PublicKey.TryImport(layout.ValidatorKeys[i].Span, out var key) || !key.Verify(signed, signature))
                return false;
            imported[i] = key;
        }
        validator = imported.Length == 3 ? new ValidatorKeys(imported[0], imported[1], imported[2]) : null;
        error = "";
        return true;
    }

    private static byte[] SignedBytes(string network, ReadOnlySpan<byte> body) =>
        new ByteWriter().Raw(SignedContext).Text16(network).Raw(body).ToArray();

    private static byte[] Body(string name, Role[] roles, ReadOnlySpan<byte> organisationKey, ValidatorKeys? validator)
    {
        var writer = new ByteWriter().Text8(name).U8(roles.Length);
        foreach (var role in roles)
            writer.U8((int)role);
        writer.Raw(organisationKey).U8(validator is null ? 0 : 1);
        if (validator is not null)
            writer.Raw(validator.Node.Encoded).Raw(validator.Cosigner.Encoded).Raw(validator.Log.Encoded);
        return writer.ToArray();
    }
}
