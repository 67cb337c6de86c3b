using RxChain.Engine.Core;
using RxChain.Engine.Ports;

namespace RxChain.Engine.Node;

/// <summary>Carries others' cosignatures to their store in the background; of each key only the last waits. Used by one thread.</summary>
internal sealed class SignatureKeeping(ICosignatureStore store)
{
    private const long EveryMs = 500;

    private Dictionary<(string, uint), HeadCosigned> _unsaved = [];
    private Task _saving = Task.CompletedTask;
    private long _savedMs;

    public void Keep(HeadCosigned cosigned) => _unsaved[(cosigned.Sender, cosigned.Signature.KeyId)] = cosigned;

    /// <summary>Begins a save when it is time. Throws when the last one failed.</summary>
    public void Offer()
    {
        long nowMs = Environment.TickCount64;
        if (_unsaved.Count == 0 || nowMs - _savedMs < EveryMs || !_saving.IsCompleted)
            return;
        _saving.GetAwaiter().GetResult();
        var saved = _unsaved.Values;
        (_unsaved, _savedMs) = ([], nowMs);
        _saving = Task.Run(() => store.Save(saved));
    }

    /// <summary>Saves what is left.</summary>
    public async Task CloseAsync()
    {
        await _saving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_saving.IsCompletedSuccessfully && _unsaved.Count > 0)
            store.Save(_unsaved.Values);
    }
}
