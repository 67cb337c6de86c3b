using Google.Protobuf;
using RxChain.Interop;
using RxChain.Ledger.Tests.Interop;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;
using Xunit.Abstractions;

namespace RxChain.SystemTests.Fhir;

[CollectionDefinition(Name)]
public sealed class FhirSuite(IMessageSink output) : Suite(output, "FHIR cases through a node", 60), ICollectionFixture<FhirSuite>
{
    public const string Name = "Fhir";
}

/// <summary>Every real e-prescription goes through a node over gRPC, in the order and at the times of the documents.</summary>
[Collection(FhirSuite.Name)]
public sealed class FhirCasesThroughNodeTests(ITestOutputHelper output)
{
    private const long HourMs = 3_600_000;

    [FhirDataFact]
    public async Task EveryCase_EndsAsExpected_AndTheAuditPasses()
    {
        Assert.NotNull(FhirData.Folder);
        var cases = FhirData.Cases.Select(FhirCase.Read).ToList();
        await using var network = await FhirNetwork.StartAsync(cases.Min(c => c.Prescription.AuthoredMs) - HourMs);
        var courses = cases.ConvertAll(real => new FhirCourse(network, real));

        await PlayAsync(courses);

        string[] outcomes = [.. courses.Select(course => $"{course.Case.Name}: {course.Outcome} ({course.Sides})")];
        foreach (string line in outcomes)
            output.WriteLine(line);
        Assert.Equal(await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Fhir", "expected-outcomes.txt")), outcomes);
        Assert.All(courses, course => Assert.Equal(Predicted(course.Case), course.Outcome));
        await CheckGroupsAsync(network, courses);
        await network.StopAsync();
        output.WriteLine(Programs.RunAuditor("verify", network.Data, "--policy", network.PolicyFile).Expect(0).Output);
    }

    private static async Task PlayAsync(List<FhirCourse> courses)
    {
        var acts = courses
            .SelectMany(course => new (long TimeMs, Func<Task> Act)[]
            {
                (course.IssuedMs, course.IssueAsync), (course.SuppliedMs, course.ClaimAsync), (course.RecordedMs, course.SupplyAsync),
            })
            .OrderBy(act => act.TimeMs);
        foreach (var (_, act) in acts)
            await act();
    }

    /// <summary>What the contract must say of a case, judged by the documents alone.</summary>
    private static string Predicted(FhirCase real) => real.Fit switch
    {
        DispenseFit.Fits when real.Prescription.Lines[0].Kind == MedicationKind.Compounding => "late supply Completed",
        DispenseFit.Fits => nameof(PrescriptionStatus.Completed),
        DispenseFit.OtherPrescription => "Claim refused: NOT_FOUND, then Active",
        DispenseFit.OutsideWindow when real.Dispense.Items.All(item => item.When.FromMs < real.Prescription.Window.NotBeforeMs) =>
            "Claim refused: NOT_YET_VALID, late supply Completed",
        DispenseFit.OutsideWindow => "Claim refused: EXPIRED, late supply Expired",
        _ => "Dispense refused: SUBSTITUTION_FORBIDDEN",
    };

    // Repeats written as one order are one group on the ledger, each with its number.
    private static async Task CheckGroupsAsync(FhirNetwork network, List<FhirCourse> courses)
    {
        var orders = courses.Where(course => course.Case.Prescription.Repeat is not null).GroupBy(course => course.Case.Prescription.Repeat!.Id).ToList();
        Assert.NotEmpty(orders);
        foreach (var order in orders)
        {
            var groupId = ByteString.CopyFrom(order.Key.ToByteArray(bigEndian: true));
            Assert.All(order, course => Assert.Equal(groupId, course.ReadAsync().Result.GroupId));
            var listed = await network.Client.Prescriptions.ListPrescriptionsAsync(new ListPrescriptionsRequest { GroupId = groupId });
            Assert.Equal(order.OrderBy(c => c.IssuedMs).Select(c => c.Id).ToHashSet(), listed.Prescriptions.Select(p => p.PrescriptionId).ToHashSet());
            var numbers = await Task.WhenAll(order.Select(NumberAsync));
            Assert.Equal(order.Select(course => (uint?)course.Case.Prescription.Repeat!.Number), numbers);
        }

        async Task<uint?> NumberAsync(FhirCourse course) =>
            (await network.Client.Prescriptions.GetHistoryAsync(new GetHistoryRequest { PrescriptionId = course.Id })).Events[0].Event.Issue?.Group.Number;
    }
}
