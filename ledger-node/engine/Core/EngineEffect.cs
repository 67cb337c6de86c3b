using RxChain.Engine.Ports;
using RxChain.Ledger.Evidence;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>Something the driver must do, in the order given. A crash may fall between any two.</summary>
public abstract record EngineEffect;

/// <summary>Append a block's leaves to the log, and have it flushed soon. <paramref name="Put"/> is null for a copied block.</summary>
public sealed record AppendBlock(PutArrived? Put, ExecutedBlock Block) : EngineEffect;

/// <summary>A put made no block. <paramref name="Places"/> are given when all its events are on the ledger already.</summary>
public sealed record PutSkipped(PutArrived Put, string Reason, IReadOnlyList<EventPlace>? Places) : EngineEffect;

/// <summary>Make this head durable as the last cosigned one; then hand back <see cref="CosignedHeadSaved"/>.</summary>
public sealed record SaveCosignedHead(CosignedHead Head) : EngineEffect;

/// <summary>Send a message to all other validators.</summary>
public sealed record SendToPeers(PeerMessage Message) : EngineEffect;

/// <summary>Send a message to one validator.</summary>
public sealed record SendToPeer(string Peer, PeerMessage Message) : EngineEffect;

/// <summary>A head is final: publish its checkpoint.</summary>
public sealed record PublishFinal(SignedCheckpoint Checkpoint) : EngineEffect;

/// <summary>
/// This final checkpoint ended an era: keep it for good, durably and before any later checkpoint, because later members
/// verify the chain of eras with it. Comes before its <see cref="PublishFinal"/>.
/// </summary>
public sealed record KeepEraEnd(uint Era, SignedCheckpoint Checkpoint) : EngineEffect;

/// <summary>Keep a cosignature, durably some time soon, so that its signer can be told of it. Nothing waits for that.</summary>
public sealed record KeepCosignature(HeadCosigned Cosigned) : EngineEffect;

/// <summary>Keep a proof that a validator's key has signed contradictory statements.</summary>
public sealed record KeepEvidence(EquivocationProof Proof) : EngineEffect;

/// <summary>Take no more writes; keep the reason if the halt lasts.</summary>
public sealed record HaltNode(Halt Halt) : EngineEffect;

/// <summary>Tell the operator.</summary>
public sealed record RaiseAlarm(string Text) : EngineEffect;
