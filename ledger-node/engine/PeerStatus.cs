namespace RxChain.Engine;

/// <summary>How one other member's node is.</summary>
/// <param name="Member">Name of the member.</param>
/// <param name="Connected">True while this node's messages reach it.</param>
/// <param name="HeadSize">Leaves in the largest head that it reported since this node's start; 0 when none.</param>
public sealed record PeerStatus(string Member, bool Connected, long HeadSize);
