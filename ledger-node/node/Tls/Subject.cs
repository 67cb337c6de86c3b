using System.Security.Cryptography.X509Certificates;

namespace RxChain.Node.Tls;

/// <summary>What a certificate's subject says: one common name, and organisational units.</summary>
internal sealed record Subject(string Name, IReadOnlyList<string> Units)
{
    private const string CommonName = "2.5.4.3";
    private const string OrganisationalUnit = "2.5.4.11";
    private const int MaxNameLength = 64;

    /// <summary>Reads it; null when there is not exactly one common name of 1 to 64 characters.</summary>
    public static Subject? Of(X509Certificate2 certificate)
    {
        var parts = certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false).ToArray();
        // Two attributes in one part have no order, so no meaning here.
        if (parts.Any(part => part.HasMultipleElements))
            return null;
        string[] names = Values(parts, CommonName);
        return names is [{ Length: > 0 and <= MaxNameLength } name] && !name.Any(char.IsControl) ? new Subject(name, Values(parts, OrganisationalUnit)) : null;
    }

    private static string[] Values(X500RelativeDistinguishedName[] parts, string type) =>
        [.. parts.Where(part => part.GetSingleElementType().Value == type).Select(part => part.GetSingleElementValue()).OfType<string>()];
}
