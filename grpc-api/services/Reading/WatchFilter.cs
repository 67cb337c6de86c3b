using System.Collections.Frozen;
using Google.Protobuf;
using RxChain.GrpcApi.Errors;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi.Reading;

/// <summary>Which events a watcher wants.</summary>
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
    }

    /// <summary>Whether the watcher wants this event.</summary>
    public bool Passes(LedgerEvent e) =>
        (_includeRefused || e.Outcome == Outcome.Accepted)
        && (_prescriptions.Count == 0 || _prescriptions.Contains(e.Event.PrescriptionId))
        && (_organisations.Count == 0 || _organisations.Contains(e.Event.Organisation))
        && (_acts.Count == 0 || _acts.Contains(e.Event.ActCase));
}
