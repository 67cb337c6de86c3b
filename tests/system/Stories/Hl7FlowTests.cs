using RxChain.SystemTests.Fhir;
using RxChain.SystemTests.Processes;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.SystemTests.Stories;

/// <summary>
/// The six pharmacy flows of HL7 v2 as stories over gRPC: new order, change, cancel, dispense, partial, return. Amounts are
/// those of real messages; order control codes (ORC-1) name the flow.
/// </summary>
[Collection(FhirSuite.Name)]
public sealed class Hl7FlowTests(ITestOutputHelper output)
{
    private const long StartMs = 1_757_000_000_000;
    private const string Other = FhirNetwork.OtherPharmacy;

    private readonly List<string> _lines = [];

    [SharedDataFact]
    public async Task SixFlows_OverGrpc_EndAsExpected_AndTheAuditPasses()
    {
        var order = Hl7Order.Read("RDE-O11-01.hl7");
        var changed = Hl7Order.Read("RDE-O25-01.hl7");
        var supplied = Hl7Order.Read("RDS-O13-01.hl7");
        await using var network = await FhirNetwork.StartAsync(StartMs);
        OrderStory Begin(string title)
        {
            _lines.Add(title);
            return new OrderStory(network, _lines);
        }

        await NewOrderAsync(Begin("New order (RDE^O11, NW)"), order);
        await ChangeAsync(Begin("Change (RDE^O25, XO), not yet claimed"), new OrderStory(network, _lines), changed);
        await ChangeClaimedAsync(Begin("Change (RDE^O25, XO), already claimed"), new OrderStory(network, _lines), changed);
        await CancelAsync(Begin("Cancel (CA)"), order);
        await DispenseAsync(Begin("Dispense (RDS^O13)"), supplied);
        await PartialAsync(Begin("Partial dispense (RDS^O13) at two pharmacies"), order);
        await ReturnAsync(Begin("Return"), supplied);

        foreach (string line in _lines)
            output.WriteLine(line);
        Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Stories", "expected-flows.txt")), _lines);
        await network.StopAsync();
        Programs.RunAuditor("verify", network.Data, "--policy", network.PolicyFile).Expect(0);
    }

    private static async Task NewOrderAsync(OrderStory story, Hl7Order order)
    {
        await story.IssueAsync(order.Ordered);
        await story.ReadBackAsync();
    }

    private static async Task ChangeAsync(OrderStory old, OrderStory replacement, Hl7Order order)
    {
        await old.IssueAsync(order.Ordered);
        await replacement.IssueAsync(order.Ordered / 2, replaces: old);
        await old.ClaimAsync();
        await old.ReadBackAsync();
    }

    private static async Task ChangeClaimedAsync(OrderStory old, OrderStory replacement, Hl7Order order)
    {
        await old.IssueAsync(order.Ordered);
        await old.ClaimAsync();
        await replacement.IssueAsync(order.Ordered / 2, replaces: old);
        await old.DispenseAsync(order.Ordered);
        await old.GiveBackAsync();
        await replacement.ClaimAsync();
        await replacement.DispenseAsync(order.Ordered / 2);
        await old.ReadBackAsync();
    }

    private static async Task CancelAsync(OrderStory story, Hl7Order order)
    {
        await story.IssueAsync(order.Ordered);
        await story.CancelAsync();
        await story.ClaimAsync();
        await story.ReadBackAsync();
    }

    // The message reports more than was ordered: 10 for an order of 6.
    private static async Task DispenseAsync(OrderStory story, Hl7Order order)
    {
        await story.IssueAsync(order.Ordered);
        await story.ClaimAsync();
        await story.DispenseAsync(order.Dispensed);
        await story.DispenseAsync(order.Ordered);
        await story.ReadBackAsync();
    }

    private static async Task PartialAsync(OrderStory story, Hl7Order order)
    {
        uint first = order.Ordered / 3;
        await story.IssueAsync(order.Ordered);
        await story.ClaimAsync();
        await story.DispenseAsync(first);
        await story.GiveBackAsync();
        await story.ClaimAsync(Other);
        await story.DispenseAsync(order.Ordered - first, Other);
        await story.ReadBackAsync();
    }

    private static async Task ReturnAsync(OrderStory story, Hl7Order order)
    {
        await story.IssueAsync(order.Ordered);
        await story.ClaimAsync();
        await story.DispenseAsync(order.Ordered);
        await story.ReturnSupplyAsync();
        await story.ClaimAsync(Other);
        await story.DispenseAsync(order.Ordered, Other);
        await story.ReadBackAsync();
    }
}
