using System.Text;
using RxChain.Ledger.Batches;
using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Execution;

/// <summary>
/// Ledger time: the upper median of the validators' last reported clocks; never goes back. With it, fewer than half of
/// the clocks being wrong, in either direction, cannot move time beyond the right ones.
/// </summary>
internal static class LedgerTime
{
    /// <summary>Takes the batch's clock if it is later than the proposer's last, and returns the block's ledger time in ms.</summary>
    public static long Advance(StateMap state, long previousMs, BatchHeader header)
    {
        byte[] id = Encoding.UTF8.GetBytes(header.Proposer);
        if (header.ClockMs > ReportedMs(state, header.Proposer))
            state.Put(EntityKind.Clock, id, new Clock { ReportedMs = header.ClockMs });
        var network = state.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network)!;
        var clocks = network.Validators.Select(name => ReportedMs(state, name)).Order().ToArray();
        return Math.Max(previousMs, clocks[clocks.Length / 2]);
    }

    /// <summary>The last clock that a validator reported; the network's creation before that.</summary>
    public static long ReportedMs(StateMap state, string validator) =>
        state.Find<Clock>(EntityKind.Clock, Encoding.UTF8.GetBytes(validator))?.ReportedMs ?? 0;
}
