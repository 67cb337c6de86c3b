using RxChain.Ledger;

namespace RxChain.Engine.Ports;

/// <summary>
/// Remembers which event an organisation's request id stands for, across restarts, so that a retry cannot create twice.
/// Thread-safe.
/// </summary>
public interface IRequestIds
{
    /// <summary>
    /// Binds a request id to an event if it is new. Gives the event that it stands for, durably:
    /// <paramref name="eventId"/>, or the first one.
    /// </summary>
    Task<Hash32> BindAsync(string organisation, string requestId, Hash32 eventId);
}
