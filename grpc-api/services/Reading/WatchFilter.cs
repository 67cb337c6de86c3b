using System.Collections.Frozen;
using Google.Protobuf;
using RxChain.Engine;
using RxChain.GrpcApi.Errors;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Reading;

/// <summary>Which events and notices a watcher wants.</summary>
internal sealed class WatchFilter
{
    private const int MaxPrescriptions = 1_000;
    private const int MaxOrganisations = 100;

    // The acts by their names in events.proto.
    private static readonly FrozenDictionary<string, Event.ActOneofCase> Acts = Event.Descriptor.Oneofs
        .Single(oneof => oneof.Name == "act").Fields
        .ToFrozenDictionary(field => field.Name, field => (Event.ActOneofCase)field.FieldNumber);

    private readonly FrozenSet<ByteString> _prescriptions;
    private readonly FrozenSet<string> _organisations;
    private readonly FrozenSet<Event.ActOneofCase> _acts;
    private readonly bool _includeRefused;
    private readonly bool _onlyMarked;

    /// <summary>Throws INVALID_ARGUMENT when the request is not what its proto says.</summary>
    public WatchFilter(WatchEventsRequest request)
    {
        if (request.PrescriptionIds.Count > MaxPrescriptions || request.PrescriptionIds.Any(id => id.Length != PrescriptionView.IdBytes))
            throw RpcErrors.Malformed($"prescription_ids: at most {MaxPrescriptions}, of {PrescriptionView.IdBytes} bytes");
        if (request.Organisations.Count > MaxOrganisations)
            throw RpcErrors.Malformed($"organisations: at most {MaxOrganisations}");
        if (request.Acts.FirstOrDefault(act => !Acts.ContainsKey(act)) is { } unknown)
            throw RpcErrors.Malformed($"acts: no act is called {unknown}");
        _prescriptions = request.PrescriptionIds.ToFrozenSet();
        _organisations = request.Organisations.ToFrozenSet();
        _acts = request.Acts.Select(act => Acts[act]).ToFrozenSet();
        _includeRefused = request.IncludeRefused;
        _onlyMarked = request.OnlyMarked;
    }

    /// <summary>Whether the watcher wants this event; its marks are added when all else passes: they cost a look at the state.</summary>
    public bool Passes(ILedgerNode node, LedgerEvent e)
    {
        if (!PassesUnmarked(e))
            return false;
        ActMarks.Add(node, e);
        return !_onlyMarked || e.Marks.Count > 0;
    }

    /// <summary>Whether the watcher wants this notice.</summary>
    public bool Passes(LapseNotice notice) =>
        (_prescriptions.Count == 0 || _prescriptions.Contains(notice.PrescriptionId))
        && (_organisations.Count == 0 || _organisations.Contains(notice.Issuer) || _organisations.Contains(notice.Organisation));

    private bool PassesUnmarked(LedgerEvent e) =>
        (_includeRefused || e.Outcome == Outcome.Accepted)
        && (_prescriptions.Count == 0 || ActKinds.Prescriptions(e.Event).Any(_prescriptions.Contains))
        && (_organisations.Count == 0 || _organisations.Contains(e.Event.Organisation))
        && (_acts.Count == 0 || _acts.Contains(e.Event.ActCase));
}
