namespace RxChain.Node.Configuration;

/// <summary>Certificates of a node, in PEM files. They are read again when they change.</summary>
public sealed record TlsConfig
{
    /// <summary>What <c>rxnode init</c> writes: the files of <c>rxnode pki</c> in the folder <c>tls</c>.</summary>
    public static TlsConfig Default { get; } = new()
    {
        Certificate = "tls/node.crt",
        Key = "tls/node.key",
        ClientAuthorities = "tls/ca.crt",
    };

    /// <summary>The node's certificate, and authorities between it and the root if there are any.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Its private key, PKCS#8 in PEM, mode 0600.</summary>
    public string Key { get; init; } = "";

    /// <summary>Authorities that sign the certificates of this member's clients.</summary>
    public string ClientAuthorities { get; init; } = "";
}
