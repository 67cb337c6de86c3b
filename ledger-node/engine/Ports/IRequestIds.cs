using RxChain.Ledger;

namespace RxChain.Engine.Ports;

/// <summary>
/// Remembers which event an organisation's request id stands for, across restarts, so that a retry cannot create twice.
/// Thread-safe.
/// </summary>
public interface IRequestIds
{
    /// <summary>
    /// Binds a request id to an event if it is new. Returns the event that it stands for, durably, once the call returns:
    /// <paramref name="eventId"/>, or the first one. Throws <see cref="OrderingUnavailableException"/> when it cannot be kept.
    /// </summary>
    Hash32 Bind(string organisation, string requestId, Hash32 eventId);
}
