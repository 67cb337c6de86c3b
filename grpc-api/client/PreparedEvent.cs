using Google.Protobuf;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;

namespace RxChain.Client;

/// <summary>A node prepared other bytes than those asked for. Nothing was signed.</summary>
public sealed class PreparedEventMismatchException(string message) : Exception(message);

/// <summary>An event whose bytes were built here and are ready to be signed.</summary>
public sealed class PreparedEvent
{
    private PreparedEvent(Event act, byte[] payload)
    {
        Event = act;
        Payload = payload;
        EventId = Dsse.EventId(payload);
    }

    /// <summary>The completed event.</summary>
    public Event Event { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>SHA-256 of the DSSE encoding: what is signed.</summary>
    public Hash32 EventId { get; }

    /// <summary>Builds an event without asking a node: the draft must have its place in the chain of acts.</summary>
    public static PreparedEvent Build(Event draft, string network, IReadOnlyList<EventSigner> signers)
    {
        var act = draft.Clone();
        act.Network = network;
        act.KeyIds.Clear();
        act.KeyIds.AddRange(signers.Select(signer => ByteString.CopyFrom(signer.KeyId.Span)));
        return new PreparedEvent(act, act.ToByteArray());
    }

    /// <summary>
    /// Builds the event out of the draft, the signers' own key ids and the head that the node names, and compares: a node
    /// can choose the head, which is refused as stale if it is not the true one, and nothing else.
    /// </summary>
    /// <exception cref="PreparedEventMismatchException">The node's bytes are others.</exception>
    public static PreparedEvent Check(
        Event draft, string network, IReadOnlyList<EventSigner> signers, PrepareEventResponse prepared)
    {
        // An act about the network is on no chain: like one that opens it, it follows nothing.
        bool opens = ActKinds.Opens(draft) || ActKinds.IsAboutNetwork(draft);
        var head = prepared.Head ?? new Head();
        if (opens != (head.Sequence == 0) || opens != head.EventId.IsEmpty)
            throw new PreparedEventMismatchException($"{draft.ActCase} cannot follow act {head.Sequence} of its chain.");
        var placed = draft.Clone();
        placed.Sequence = SequenceAfter(draft, head);
        placed.PreviousEventId = head.EventId;
        var built = Build(placed, network, signers);
        if (!built.Payload.Span.SequenceEqual(prepared.Payload.Span))
            throw new PreparedEventMismatchException($"The node's bytes are not the event that was asked for: {Difference(built.Event, prepared.Payload)}.");
        return built;
    }

    /// <summary>A side act cites the head, an act about the network has no place, all others follow the head.</summary>
    internal static uint SequenceAfter(Event act, Head head) =>
        ActKinds.IsAboutNetwork(act) ? 0 : ActKinds.IsSide(act) ? head.Sequence : head.Sequence + 1;

    internal async Task<byte[]> SignAsync(IReadOnlyList<EventSigner> signers, CancellationToken cancellationToken)
    {
        var signatures = new byte[signers.Count][];
        for (int i = 0; i < signatures.Length; i++)
            signatures[i] = await signers[i].SignAsync(EventId, cancellationToken);
        return SignedEvent.Encode(Payload.Span, signatures);
    }

    private static string Difference(Event asked, ByteString payload)
    {
        if (!EventParser.TryParse(payload.Memory, out var given, out string error))
            return error;
        var differing = Event.Descriptor.Fields.InFieldNumberOrder()
            .Where(field => !Equals(field.Accessor.GetValue(asked), field.Accessor.GetValue(given)))
            .Select(field => field.Name);
        return $"they differ in {string.Join(", ", differing)}";
    }
}
