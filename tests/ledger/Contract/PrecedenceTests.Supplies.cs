using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.Faults;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Supplies, and Issue.</summary>
public partial class PrecedenceTests
{
    private static (string Name, Func<World, Event> Good, Fault[] Faults)[] SupplyCases =>
    [
        ("Dispense", w => w.Dispense(Packed), [.. Finished, Held, NotHolder, Pending, Query,
            new(Outcome.ReviewMissing, (w, _) => w.Policy.ApprovalsBeforeDispense = 1),
            .. OfLines(e => e.Dispense.Items),
            new(Outcome.UnitsExceeded, (_, e) => e.Dispense.Items[2].FulfilsUnits = 11),
            .. OfPacks(e => e.Dispense.Items),
            new(Outcome.PayerUnknown, (_, e) => e.Dispense.Payer = "hospital")]),
        ("RecordSupply", w => w.RecordSupply(w.Now, Packed), [
            new(Outcome.ReportedTooLate, (w, e) => e.TimeMs = w.Now - (8 * Day), "time"),
            new(Outcome.NoClaimThen, (w, _) => w.Stored.Holder = "pharmacy-b"),
            new(Outcome.SupplyAlreadyRecorded, (w, e) => w.Stored.Supplies.Add(
                new Supply { Dispenser = e.Organisation, HandedOverMs = e.TimeMs, Late = true })),
            .. OfLines(e => e.RecordSupply.Items),
            .. OfCodes(e => e.RecordSupply.Items),
            new(Outcome.PayerUnknown, (_, e) => e.RecordSupply.Payer = "hospital")]),
        ("EmergencySupply", w => Elsewhere(w).EmergencySupply(Packed), [.. OfPacks(e => e.EmergencySupply.Items),
            new(Outcome.PayerUnknown, (_, e) => e.EmergencySupply.Payer = "hospital")]),
        ("Issue", IssueOfAll, [
            new(Outcome.AlreadyExists, (w, _) => w.State.Put(EntityKind.Prescription, w.Rx, Get(w, "rx").Clone())),
            new(Outcome.ReplacedNotFound, (_, e) => e.Issue.Replaces = Id("none"), "replaced"),
            new(Outcome.CoveredNotFound, (_, e) => e.Issue.Covers = Id("no supply"), "covered"),
            new(Outcome.NotIssuer, (w, _) => Get(w, "rx").Issuer = "hospital-2", "replaced"),
            new(Outcome.Completed, (w, _) => Get(w, "rx").Status = PrescriptionStatus.Completed, "replaced"),
            new(Outcome.CancellationPending, (w, _) => Get(w, "rx").CancellationPending = true, "replaced"),
            new(Outcome.GroupMismatch, OtherSize),
            new(Outcome.AlreadyCovered, (w, _) => Get(w, "emergency").CoveredBy = Id("other"), "covered"),
            new(Outcome.CoverMismatch, (_, e) => e.Issue.Lines[0].Units = 1),
            new(Outcome.WindowTooLong, (_, e) => e.Issue.NotBeforeMs -= 31 * Day),
            new(Outcome.EndsInPast, (w, e) => (e.Issue.NotBeforeMs, e.Issue.NotAfterMs) = (w.Now - Day, w.Now)),
        ]),
    ];

    private static DispensedItem[] Packed =>
        [Item(0, 1, Pack("p", 30, 10)), Item(1, 1, Pack("q", 30, 10)), Item(2, 1, Pack("r", 30, 10))];

    private static Fault[] OfLines(Func<Event, IList<DispensedItem>> items) =>
    [
        new(Outcome.LineUnknown, (_, e) => items(e)[0].Line = 3),
        new(Outcome.SubstitutionForbidden, (w, e) =>
        {
            w.Stored.Lines[1].SubstitutionForbidden = true;
            items(e)[1].SubstitutionCode = 9;
        }),
    ];

    private static Fault[] OfCodes(Func<Event, IList<DispensedItem>> items) =>
    [
        new(Outcome.PackCodeMissing, (w, e) =>
        {
            w.Policy.PackCodesMandatory = true;
            items(e)[0].Packs.Clear();
        }),
        new(Outcome.PackKeyWrong, (_, e) => items(e)[2].Packs[0].KeyVersion = 2),
    ];

    private static Fault[] OfPacks(Func<Event, IList<DispensedItem>> items) =>
    [
        .. OfCodes(items),
        new(Outcome.PackElsewhere, (w, _) => Use(w, "r", "pharmacy-b", 30, 1)),
        new(Outcome.PackContentDiffers, (w, _) => Use(w, "q", "pharmacy-a", 31, 1)),
        new(Outcome.PackAlreadyUsed, (_, e) => items(e)[1].Packs.Add([Pack("s", 5, 5), Pack("s", 5, 5)])),
    ];

    private static void Use(World world, string code, string pharmacy, uint content, uint taken) =>
        world.State.Put(EntityKind.Pack, Hash(code), new Pack { Pharmacy = pharmacy, Content = content, Taken = taken });

    private static World Elsewhere(World world)
    {
        world.Rx = Id("emergency");
        return world;
    }

    /// <summary>A repeat that replaces the prescription and covers an emergency supply of 2 units.</summary>
    private static Event IssueOfAll(World world)
    {
        Elsewhere(world).Done(world.EmergencySupply(Item(0, 2)));
        world.Rx = Id("new");
        return Changed(Repeat(world.Issue(10), 2), e => (e.Issue.Replaces, e.Issue.Covers) = (Id("rx"), Id("emergency")));
    }

    private static Prescription Get(World world, string name) =>
        world.State.Peek<Prescription>(EntityKind.Prescription, Id(name))!;

    private static void OtherSize(World world, Event e) =>
        world.State.Put(EntityKind.Group, e.Issue.Group.GroupId, new RepeatGroup { Issuer = "hospital", Of = 4, Issued = 1 });
}
