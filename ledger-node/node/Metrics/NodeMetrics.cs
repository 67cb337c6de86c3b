using System.Diagnostics.Metrics;
using RxChain.Engine;
using RxChain.GrpcApi.Ports;

namespace RxChain.Node.Metrics;

/// <summary>
/// What a node tells of itself as metrics: instruments of the meter <see cref="MeterName"/>, read whenever somebody collects
/// them. docs/OPERATIONS.md lists each.
/// </summary>
public sealed class NodeMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "RxChain.Node";

    private readonly Meter _meter;

    /// <summary>Makes the instruments.</summary>
    /// <param name="node">The node.</param>
    /// <param name="server">Certificates and alarms of what is around it; null without TLS.</param>
    /// <param name="clock">For how far ledger time lies back.</param>
    public NodeMetrics(ILedgerNode node, IServerHealth? server, TimeProvider clock)
    {
        _meter = new Meter(new MeterOptions(MeterName) { Tags = [new("rxchain.member", node.Member)] });
        Gauge("rxchain.ledger.height", "{block}", "Durable blocks; each is one batch that counted", () => node.Status.Height);
        Gauge("rxchain.ledger.size", "{leaf}", "Durable leaves", () => node.Status.Size);
        Gauge("rxchain.ledger.final_size", "{leaf}", "Leaves in the last final head", () => node.Status.FinalSize);
        Gauge("rxchain.ledger.cosigned_size", "{leaf}", "Leaves in the last head that this node cosigned", () => node.Status.CosignedSize);
        Gauge("rxchain.ledger.time_lag", "s", "How far ledger time lies behind this node's clock",
            () => (clock.GetUtcNow().ToUnixTimeMilliseconds() - node.Status.LedgerTimeMs) / 1000);
        Gauge("rxchain.ledger.copy_target", "{leaf}", "Leaves up to which blocks are being copied; 0 when none are", () => node.Status.CopyTarget);
        Gauge("rxchain.alarms", "{alarm}", "Alarms in rxnode status", () => node.Status.Alarms.Count + (server?.Alarms.Count ?? 0));
        Gauge("rxchain.ordering.problems", "{problem}", "What is wrong with the ordering", () => node.Status.OrderingProblems.Count);
        Gauge("rxchain.peers.known", "{peer}", "Other members' nodes that this one knows", () => node.Status.Peers.Count);
        Gauge("rxchain.peers.connected", "{peer}", "Those of them that this node's messages reach", () => node.Status.Peers.Count(peer => peer.Connected));
        _meter.CreateObservableGauge("rxchain.certificate.days_left", () => (server?.Certificates ?? []).Select(
            certificate => new Measurement<long>(certificate.DaysLeft, new KeyValuePair<string, object?>("certificate", certificate.Name))),
            "d", "Days until a certificate ends; tag certificate: whose it is");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string description, Func<long> read) => _meter.CreateObservableGauge(name, read, unit, description);
}
