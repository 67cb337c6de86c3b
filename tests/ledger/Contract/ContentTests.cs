using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Access, consents, and the end of the content.</summary>
public class ContentTests
{
    private readonly World world = new();

    public ContentTests() => world.Done(world.Issue());

    private static Event ByPatient(Event e) => Changed(e, c =>
    {
        ActAs(c, "pharmacy-b");
        c.Role = Role.Pharmacy;
        if (c.GiveConsent is { } give) give.Token = Token();
        else c.WithdrawConsent.Token = Token();
    });

    [Fact]
    public void GiveConsent_ByHospitalOrPatient_IsInForceUntilItsEnd()
    {
        world.Done(world.GiveConsent("pharmacy-a", world.Now + Hour)).Done(ByPatient(world.GiveConsent("pharmacy-b", world.Now + Day)));
        world.Now += Hour;
        Assert.Equal(Outcome.ConsentNotGiven, world.Do(world.WithdrawConsent("pharmacy-a")));
        Assert.Equal(Outcome.Accepted, world.Do(ByPatient(world.WithdrawConsent("pharmacy-b"))));
        Assert.Empty(world.Stored.Consents);
    }

    [Fact]
    public void GiveConsent_Again_ChangesItsEnd()
    {
        world.Done(world.GiveConsent("pharmacy-a", world.Now + Hour)).Done(world.GiveConsent("pharmacy-a", world.Now + 1));
        Assert.Equal(world.Now + 1, Assert.Single(world.Stored.Consents).UntilMs);
    }

    [Fact]
    public void Consent_ByAnotherHospitalOrABadToken_IsRefused()
    {
        Event give = world.GiveConsent("pharmacy-a", world.Now + Hour);
        Assert.Equal(Outcome.NotIssuer, world.Do(Changed(give.Clone(), e => ActAs(e, "hospital-2"))));
        Assert.Equal(Outcome.TokenInvalid, world.Do(ByPatient(give), tokenValid: false));
        Event pharmacy = Changed(world.WithdrawConsent("pharmacy-a"), e => (e.Organisation, e.Role) = ("pharmacy-a", Role.Pharmacy));
        Assert.Equal(Outcome.NotAuthorised, world.Do(pharmacy));
    }

    [Fact]
    public void GiveConsent_SixtyFifth_IsTheLimitUntilOneEnds()
    {
        for (int i = 0; i < 64; i++) world.Done(world.GiveConsent("pharmacy-" + i, world.Now + Hour));
        Assert.Equal(Outcome.LimitReached, world.Do(world.GiveConsent("pharmacy-64", world.Now + Hour)));
        Assert.Equal(Outcome.Accepted, world.Do(world.GiveConsent("pharmacy-63", world.Now + Day)));
        world.Now += Hour;
        Assert.Equal(Outcome.Accepted, world.Do(world.GiveConsent("pharmacy-64", world.Now + Hour)));
    }

    [Theory]
    [InlineData(-1, Outcome.RetentionRunning)]
    [InlineData(0, Outcome.Accepted)]
    public void Erase_Cancelled_WhenRetentionHasPassedSinceTheLastAct(long ms, Outcome expected)
    {
        world.Now += Hour;
        world.Done(world.Cancel());
        world.Now += world.Policy.RetentionMs + ms;
        Assert.Equal(expected, world.Do(world.Erase()));
    }

    [Theory]
    [InlineData(-1, Outcome.RetentionRunning)]
    [InlineData(0, Outcome.Accepted)]
    public void Erase_Expired_WhenRetentionHasPassedSinceTheWindow(long ms, Outcome expected)
    {
        world.Now += Day + world.Policy.RetentionMs + ms;
        Assert.Equal(expected, world.Do(world.EraseByOrder()));
    }

    [Fact]
    public void Erase_UnfinishedOrDisputedOrTwice_IsRefused()
    {
        world.Policy.RetentionMs = 0;
        Assert.Equal(Outcome.WrongState, world.Do(world.Erase()));
        world.Done(world.Cancel()).Done(world.OpenDispute(world.Head));
        Assert.Equal(Outcome.Disputed, world.Do(world.EraseByOrder()));
        world.Done(world.WithdrawDispute(world.LastDispute)).Done(world.Erase());
        Assert.Equal(Outcome.ContentErased, world.Do(world.EraseByOrder()));
        Assert.Equal(Outcome.ContentErased, world.Do(world.GiveConsent("pharmacy-a", world.Now + Hour)));
        Assert.Equal(Outcome.ContentErased, world.Do(world.RecordAccess()));
    }

    [Fact]
    public void Erase_AnotherCustodian_NotTheIssuer()
    {
        world.Policy.RetentionMs = 0;
        world.Rx = Id("rx-2");
        world.Done(Changed(world.Issue(), e => e.Issue.ContentCustodian = "pharmacy-b")).Done(world.Cancel());
        Assert.Equal(Outcome.NotCustodian, world.Do(world.Erase()));
        Event e = Changed(world.Erase(), e => ActAs(e, "pharmacy-b"));
        Assert.Equal(Outcome.Accepted, world.Do(Changed(e, c => c.Role = Role.Pharmacy)));
    }

    [Fact]
    public void Erase_EmergencySupply_ByItsPharmacy()
    {
        world.Policy.RetentionMs = 0;
        world.Rx = Id("rx-2");
        world.Done(world.EmergencySupply(Item(0, 1)));
        Assert.Equal(Outcome.NotCustodian, world.Do(world.Erase()));
        Event e = Changed(world.Erase(), e => ActAs(e, "pharmacy-a"));
        Assert.Equal(Outcome.Accepted, world.Do(Changed(e, c => c.Role = Role.Pharmacy)));
    }

    [Fact]
    public void SideAct_CitesAnOlderAct_IsAcceptedAndStalesNothing()
    {
        Event seen = world.RecordAccess();
        Event next = world.Claim();
        world.Done(Changed(world.RecordAccess(), e => e.RecordAccess.PurposeCode = 8)).Done(next);
        world.Now -= Minute;
        Assert.Equal(Outcome.Accepted, world.Do(seen));
        Assert.Equal(Outcome.TimeBeforePredecessor, world.Do(world.RecordAccess()));
    }
}
