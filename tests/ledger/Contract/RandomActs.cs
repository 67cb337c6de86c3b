using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Acts of a small network: mostly what its members would do next, sometimes wrong in one or two ways.</summary>
internal sealed class RandomActs(Random random, World world)
{
    private static readonly string[] Pharmacies = ["pharmacy-a", "pharmacy-a", "pharmacy-b"];
    private static readonly string[] Practitioners =
        ["dr-house", "dr-wilson", "ward-pharmacist", "second-pharmacist", "pharmacist-a", "pharmacist-b"];
    private static readonly PrescriptionStatus[] Finished =
    [
        PrescriptionStatus.Completed, PrescriptionStatus.Cancelled, PrescriptionStatus.Rejected, PrescriptionStatus.Expired,
    ];

    public Event Next()
    {
        // A finished prescription has little to offer: most often look for another.
        for (int tries = 0; tries < 8; tries++)
        {
            world.Rx = World.Id("rx-" + random.Next(12));
            if (world.Stored is null || !Finished.Contains(world.Status)) break;
        }
        Event e = Draw();
        while (random.Next(8) == 0) Spoil(e);
        return e;
    }

    private Event Draw()
    {
        if (random.Next(100) == 0) return world.Suspend(Pick(Practitioners));
        if (random.Next(8) == 0 && Practitioners.FirstOrDefault(p => world.Practitioner(p).Suspended) is { } suspended)
            return world.Reinstate(suspended);
        if (random.Next(15) == 0) return Supply(Pick(Pharmacies));
        return world.Stored is null ? Issue() : world.Status switch
        {
            PrescriptionStatus.Issued when random.Next(5) > 0 => Review(),
            PrescriptionStatus.Claimed when random.Next(5) > 0 => Supply(world.Stored.Holder),
            _ => random.Next(6) == 0 ? Withdraw() : Claim(),
        };
    }

    private Event Review() => random.Next(8) == 0
        ? world.Confirm()
        : world.Review(Pick(Verdict.Approve, Verdict.Approve, Verdict.Query, Verdict.Reject), "hospital",
            Pick("ward-pharmacist", "second-pharmacist"));

    private Event Claim()
    {
        string pharmacy = Pick(Pharmacies);
        return random.Next(4) == 0 ? world.ClaimAsNominee(pharmacy) : world.Claim(pharmacy);
    }

    private Event Withdraw() => random.Next(2) == 0 ? world.Cancel() : world.PatientCancel(Pick(Pharmacies));

    private Event Supply(string pharmacy)
    {
        string pharmacist = pharmacy == "pharmacy-b" ? "pharmacist-b" : Pick("pharmacist-a", "second-pharmacist");
        return random.Next(16) switch
        {
            < 3 => world.Review(Pick(Verdict.Approve, Verdict.Approve, Verdict.Query, Verdict.Reject), pharmacy, pharmacist),
            < 5 => world.Confirm(),
            5 => world.Extend(pharmacy),
            6 => world.Return(pharmacy),
            7 when random.Next(3) == 0 => OutcomeTests.Changed(world.Close(), e => OutcomeTests.ActAs(e, pharmacy)),
            8 => Withdraw(),
            _ => world.DispenseAt(pharmacy, pharmacist, Items()),
        };
    }

    private Event Issue()
    {
        Event e = world.Issue((uint)random.Next(1, 9), (uint)random.Next(1, 6));
        e.Issue.Lines[0].SubstitutionForbidden = random.Next(2) == 0;
        e.Issue.NotBeforeMs += random.Next(5) == 0 ? random.Next(-60, 60) * World.Minute : 0;
        e.Issue.NotAfterMs = e.Issue.NotBeforeMs + Pick(3 * World.Hour, World.Day, (2 * World.Day) + (random.Next(4) / 3));
        e.Issue.Nominee = Pick("", "pharmacy-a", "pharmacy-b");
        if (random.Next(5) == 0) e.Issue.TokenKey = ByteString.Empty;
        if (random.Next(3) != 0) return e;
        string after = "rx-" + random.Next(12);
        return OutcomeTests.Repeat(e, (uint)random.Next(1, 4), World.Id(after) == world.Rx || random.Next(2) == 0 ? null : after);
    }

    private DispensedItem[] Items() =>
        [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Item())];

    private DispensedItem Item()
    {
        uint content = Pick(10u, 10u, 10u, 12u);
        PackUse pack = World.Pack("pack-" + random.Next(40), content, Pick(content, (uint)random.Next(1, 6)));
        DispensedItem item = World.Item((uint)random.Next(40) / 19, (uint)random.Next(1, 4), random.Next(6) == 0 ? [] : [pack]);
        item.SubstitutionCode = random.Next(10) == 0 ? 3u : 0;
        return item;
    }

    private void Spoil(Event e)
    {
        switch (random.Next(9))
        {
            case 0: e.Sequence = e.Sequence == 1 ? 1 : (uint)Math.Max(2, e.Sequence + random.Next(-1, 2)); break;
            case 1: e.PreviousEventId = e.Sequence == 1 ? ByteString.Empty : World.Hash("elsewhere"); break;
            case 2: e.TimeMs += Pick(-16, -15, -1, 5, 6) * World.Minute; break;
            case 3: e.Role = Pick(Role.Hospital, Role.Pharmacy, Role.Regulator, Role.Insurer); break;
            case 4: OutcomeTests.ActAs(e, Pick("hospital", "hospital-2", "pharmacy-a", "pharmacy-b")); break;
            case 5: if (e.KeyIds.Count == 2) OutcomeTests.Sign(e, Pick(Practitioners)); break;
            case 6: e.KeyIds[^1] = World.KeyOf(Pick("hospital", "dr-house", "pharmacist-a")); break;
            case 7: e.AuthorId = Pick(World.Id("nobody"), World.Id("second-pharmacist"), World.Id("dr-wilson")); break;
            default: SpoilClaim(e.Claim); break;
        }
        if (e.AuthorId == e.ResponsibleId) e.AuthorId = ByteString.Empty;
    }

    private void SpoilClaim(Claim? claim)
    {
        if (claim?.Token is not null && random.Next(2) == 0) claim.Token = World.Token("other");
        else if (claim is not null) claim.ClaimNumber += (uint)random.Next(2);
    }

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
