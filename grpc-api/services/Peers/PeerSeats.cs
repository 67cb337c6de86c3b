using System.Collections.Concurrent;
using RxChain.GrpcApi.Access;

namespace RxChain.GrpcApi.Peers;

/// <summary>What each peer may use of this node: one Exchange call, so many messages a second, so many copies at once.</summary>
internal sealed class PeerSeats
{
    private const int MaxCopies = 8;
    private readonly ConcurrentDictionary<string, Seat> _seats = new();

    /// <summary>The peer's seat. Peers are those of the configuration, so there are few.</summary>
    public Seat Of(string member) => _seats.GetOrAdd(member, _ => new Seat());

    /// <summary>One peer's.</summary>
    public sealed class Seat
    {
        private const double MessagesPerSecond = 500, Burst = 2000;
        private readonly Lock _lock = new();
        private readonly TokenBucket _messages = new(MessagesPerSecond, Burst, TimeProvider.System);
        private CancellationTokenSource? _exchange;
        private int _copies;

        /// <summary>Begins an Exchange call and ends the one before: that one's connection may be lost without this node knowing.</summary>
        public CancellationTokenSource BeginExchange(CancellationToken callEnds)
        {
            var mine = CancellationTokenSource.CreateLinkedTokenSource(callEnds);
            var before = Interlocked.Exchange(ref _exchange, mine);
            try
            {
                before?.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself.
            }
            return mine;
        }

        /// <summary>
        /// Waits until the peer may say one thing more; sixteen heads in it count as another. What it says meanwhile piles up
        /// at its own end.
        /// </summary>
        public async ValueTask TakeTurnAsync(int heads, CancellationToken ends)
        {
            while (!TryTake(1 + heads / 16))
                await Task.Delay(20, ends);
        }

        /// <summary>False when the peer copies as much as it may already; else to be given back.</summary>
        public bool TryBeginCopy()
        {
            if (Interlocked.Increment(ref _copies) <= MaxCopies)
                return true;
            EndCopy();
            return false;
        }

        /// <summary>Gives a copy back.</summary>
        public void EndCopy() => Interlocked.Decrement(ref _copies);

        private bool TryTake(int cost)
        {
            lock (_lock)
                return _messages.TryTake(cost) is null;
        }
    }
}
