using Google.Protobuf;
using Grpc.Core;
using RxChain.Client;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Leaves;
using RxChain.Protocol.V1;
using RxChain.Storage;

namespace RxChain.Node.Commands;

/// <summary>Events that were ordered after the last cosigned head of an epoch that ended: nobody was told that they are final.</summary>
internal static class DroppedEvents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Submits them again in their order, each until it is final, and prints what became of each. The ledger recognises those
    /// that are on it already. An act that has become too old meanwhile is refused: a supply is then recorded late.
    /// </summary>
    /// <returns>False when one was refused.</returns>
    public static async Task<bool> ResubmitAsync(string root, RecoveryLeaf record, RxChainClient client, CancellationToken cancellation)
    {
        string kept = LogCut.KeptIn(root, record.Epoch - 1);
        if (!Directory.Exists(kept))
            throw new InvalidDataException($"{kept} does not exist: this member's log had nothing after the base, or the record was not applied here.");
        using var directory = DataDirectory.Open(kept);
        using var log = SegmentLeafLog.Open(directory, 0);
        int accepted = 0, refused = 0;
        foreach (var leaf in log.ReadRange(record.BaseSize, log.Size))
        {
            if (!EventLeaf.TryParse(leaf, out var dropped) || !SignedEvent.TryParse(dropped.Envelope, out var signed, out _))
                continue;
            if (await RefusalAsync(client, dropped.Envelope, cancellation) is not { } reason)
            {
                accepted++;
                continue;
            }
            refused++;
            Console.WriteLine($"event {signed.EventId} refused: {reason}");
        }
        Console.WriteLine($"{accepted} events are on the ledger, {refused} were refused");
        return refused == 0;
    }

    // Null when it was accepted, now or before.
    private static async Task<string?> RefusalAsync(RxChainClient client, ReadOnlyMemory<byte> envelope, CancellationToken cancellation)
    {
        try
        {
            await client.Prescriptions.SubmitEventAsync(
                new SubmitEventRequest { Envelope = UnsafeByteOperations.UnsafeWrap(envelope), Commitment = Commitment.Final },
                deadline: DateTime.UtcNow + Patience, cancellationToken: cancellation);
            return null;
        }
        catch (RpcException e) when (LedgerError.From(e) is { } refusal && e.StatusCode != StatusCode.Unavailable)
        {
            return $"{refusal.Reason}: {e.Status.Detail}";
        }
    }
}
