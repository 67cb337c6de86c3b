namespace RxChain.Peers;

/// <summary>Another member's node, and how to reach it.</summary>
/// <param name="Member">Name of the member.</param>
/// <param name="Address">Where it serves its peers.</param>
/// <param name="Handler">Makes the connection, which proves to each who the other is. Closed with the links.</param>
public sealed record PeerEndpoint(string Member, Uri Address, HttpMessageHandler Handler);
