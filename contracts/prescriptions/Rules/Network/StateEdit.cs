using System.Text;
using Google.Protobuf;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>A state as it will be: entries changed over entries that are not. One step after another reads what the steps
/// before it have changed.</summary>
internal sealed class StateEdit(IStateReader state) : IStateReader
{
    private readonly OrderedDictionary<(EntityKind, string), StateChange> changes = [];

    public IReadOnlyList<StateChange> Changes => [.. changes.Values];

    public T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new() =>
        changes.TryGetValue((kind, Convert.ToHexString(id)), out StateChange? change)
            ? (T?)change.Value
            : state.Find<T>(kind, id);

    /// <summary>An entry to be changed in place; a new one when there is none.</summary>
    public T Open<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new()
    {
        if (changes.TryGetValue((kind, Convert.ToHexString(id)), out StateChange? change) && change.Value is T open) return open;
        T value = state.Find<T>(kind, id)?.Clone() ?? new T();
        Put(kind, id.ToArray(), value);
        return value;
    }

    /// <inheritdoc cref="Open{T}(EntityKind, ReadOnlySpan{byte})"/>
    public T Open<T>(EntityKind kind, string name) where T : class, IMessage<T>, new() =>
        Open<T>(kind, Encoding.UTF8.GetBytes(name));

    /// <summary>The one record of the network.</summary>
    public NetworkRecord OpenNetwork() => Open<NetworkRecord>(EntityKind.Network, EntityIds.Network);

    public void Put(EntityKind kind, byte[] id, IMessage? value) =>
        changes[(kind, Convert.ToHexString(id))] = new StateChange(kind, id, value);
}
