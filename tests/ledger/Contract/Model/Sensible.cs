using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>What people who want the patient to get the medicine, or the matter closed, would try.</summary>
internal static class Sensible
{
    public static IEnumerable<(string Name, Event Event)> Acts(World world)
    {
        Prescription rx = world.Stored;
        if (rx.Hold is not null)
        {
            yield return ("lift the hold", With(world.SideBy("regulator", Role.Regulator), e =>
                e.LiftHold = new LiftHold { ReasonCode = 7 }));
        }
        foreach (string person in Network.People.Keys.Where(p => world.Practitioner(p).Suspended))
            yield return ("reinstate " + person, world.Reinstate(person));
        foreach ((string, Event) act in Confirmations(world).Concat(Reviews(world)).Concat(Claims(world))) yield return act;
        string[] issuers = rx.TokenKey.IsEmpty || rx.BoundPharmacy.Length > 0 ? Network.Hospitals : [];
        foreach (string hospital in issuers)
            yield return ("replace the token", With(world.LifecycleBy(hospital, Role.Hospital), e =>
                e.ReplaceToken = new ReplaceToken { TokenKey = World.PublicKey("token of leaf " + world.Leaf), ReasonCode = 7 }));
        if (Predecessor(world) is { } predecessor) yield return ("cancel the repeat before", predecessor);
    }

    /// <summary>Acts that close the matter.</summary>
    public static IEnumerable<(string Name, Event Event)> Ends(World world) => Network.Hospitals.Select(hospital =>
        ("cancel", With(world.LifecycleBy(hospital, Role.Hospital), e => e.Cancel = new Cancel { ReasonCode = 7 })));

    /// <summary>Moments worth waiting for.</summary>
    public static IEnumerable<(string Name, long UntilMs)> Waits(World world, bool mayExpire)
    {
        Prescription rx = world.Stored;
        if (rx.Hold is { } hold && hold.UntilMs > world.Now) yield return ("wait for the end of the hold", hold.UntilMs);
        if (world.Status == PrescriptionStatus.Claimed) yield return ("wait for the end of the claim", rx.ClaimUntilMs);
        if (rx.NotBeforeMs > world.Now) yield return ("wait for the window", rx.NotBeforeMs);
        if (mayExpire && rx.NotAfterMs > world.Now) yield return ("wait for the end of the window", rx.NotAfterMs);
    }

    public static string PredecessorStatus(World world)
    {
        Prescription? before = world.Stored.AfterId.IsEmpty ? null : Stored(world, world.Stored.AfterId);
        return before is null ? "" : EffectiveState.At(before, world.Now).ToString();
    }

    private static IEnumerable<(string Name, Event Event)> Confirmations(World world)
    {
        string? prescriber = Network.People.Keys.FirstOrDefault(p => World.Id(p) == world.Stored.PrescriberId);
        if (!world.Stored.QueryOpen || prescriber is null) return [];
        return Network.Hospitals.Select(hospital => ("confirm", With(world.LifecycleBy(hospital, Role.Hospital, prescriber), e =>
            e.Confirm = new Confirm { AnswerCommitment = World.Hash("answer") })));
    }

    private static IEnumerable<(string Name, Event Event)> Claims(World world)
    {
        if (world.Status != PrescriptionStatus.Claimed) return Network.Pharmacies.Select(p => ("claim by " + p, Claim(world, p)));
        return [("return", With(world.LifecycleBy(world.Stored.Holder, Role.Pharmacy), e =>
            e.ReturnClaim = new ReturnClaim { ReasonCode = 7 }))];
    }

    private static IEnumerable<(string Name, Event Event)> Reviews(World world)
    {
        bool claimed = world.Status == PrescriptionStatus.Claimed;
        string[] places = claimed ? [world.Stored.Holder] : [];
        if (world.Status == PrescriptionStatus.Issued) places = ["hospital", "clinic", "pharmacy-a", "pharmacy-b"];
        foreach (string place in places)
        {
            foreach ((string person, string work) in Network.People.Where(p => Network.ProfessionOf(p.Key) == Profession.Pharmacist))
            {
                if (!work.Split(' ').Contains(place)) continue;
                Role role = claimed || place[0] == 'p' ? Role.Pharmacy : Role.Hospital;
                yield return ("approval by " + person, With(world.LifecycleBy(place, role, person), e =>
                    e.Review = new Review { Verdict = Verdict.Approve }));
            }
        }
    }

    private static Event Claim(World world, string pharmacy) => With(world.LifecycleBy(pharmacy, Role.Pharmacy), e =>
    {
        e.Claim = new Claim { ClaimNumber = world.Stored.Claims + 1 };
        if (world.Stored.Nominee == pharmacy) e.Claim.Nominee = new NomineeAuthority();
        else e.Claim.Token = World.Token(World.TokenName);
        if (e.Claim.Token is { } token && !world.Stored.TokenKey.IsEmpty) token.TokenKey = world.Stored.TokenKey;
    });

    /// <summary>The hospital withdraws the repeat that this one waits for.</summary>
    private static Event? Predecessor(World world)
    {
        ByteString id = world.Stored.AfterId;
        if (id.IsEmpty || Stored(world, id) is not { Acts.Count: > 0 } before) return null;
        World there = world.Branch();
        there.Rx = id;
        return With(there.LifecycleBy(before.Issuer, Role.Hospital), e => e.Cancel = new Cancel { ReasonCode = 7 });
    }

    private static Prescription? Stored(World world, ByteString id) => world.State.Peek<Prescription>(EntityKind.Prescription, id);

    private static Event With(Event e, Action<Event> act)
    {
        act(e);
        return e;
    }
}
