using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>State in a dictionary. Notices when the rules change an object that they only read.</summary>
internal sealed class MapState : IStateReader
{
    private readonly Dictionary<(EntityKind, string), IMessage> entries = [];
    private readonly List<(IMessage Value, ByteString Bytes)> handedOut = [];

    public T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new()
    {
        if (!entries.TryGetValue((kind, Convert.ToHexString(id)), out IMessage? value)) return null;
        handedOut.Add((value, value.ToByteString()));
        return (T)value;
    }

    public T? Peek<T>(EntityKind kind, ByteString id) where T : class, IMessage<T>, new() =>
        (T?)entries.GetValueOrDefault((kind, Convert.ToHexString(id.Span)));

    public void Put(EntityKind kind, ByteString id, IMessage value) =>
        entries[(kind, Convert.ToHexString(id.Span))] = value;

    /// <summary>The same entries, to go on from here in another way. The rules do not change what they read.</summary>
    public MapState Copy()
    {
        var copy = new MapState();
        foreach (var entry in entries) copy.entries.Add(entry.Key, entry.Value);
        return copy;
    }

    public void Write(Decision decision)
    {
        foreach ((IMessage value, ByteString bytes) in handedOut) Assert.Equal(bytes, value.ToByteString());
        handedOut.Clear();
        if (decision.Outcome != Prescriptions.Events.Outcome.Accepted) Assert.Empty(decision.Changes);
        foreach (StateChange change in decision.Changes)
        {
            if (change.Value is null) Assert.True(entries.Remove((change.Kind, Convert.ToHexString(change.Id))));
            else Put(change.Kind, ByteString.CopyFrom(change.Id), change.Value);
        }
    }
}
