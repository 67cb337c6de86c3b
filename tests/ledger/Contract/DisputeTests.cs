using Google.Protobuf;
using RxChain.Prescriptions.Events;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;
using static RxChain.Ledger.Tests.Contract.World;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Who may dispute what, and how a dispute ends.</summary>
public class DisputeTests
{
    private readonly World world = new();

    public DisputeTests() =>
        world.Done(world.Issue(10)).Done(world.Claim()).Done(Changed(world.Dispense(1), e => e.Dispense.Payer = Insurer));

    [Theory]
    [InlineData("hospital", Role.Hospital, Outcome.Accepted)]
    [InlineData("hospital-2", Role.Hospital, Outcome.NotAParty)]
    [InlineData("pharmacy-a", Role.Pharmacy, Outcome.Accepted)]
    [InlineData("pharmacy-b", Role.Pharmacy, Outcome.NotAParty)]
    [InlineData(Insurer, Role.Insurer, Outcome.Accepted)]
    [InlineData("insurer-2", Role.Insurer, Outcome.NotAParty)]
    [InlineData("regulator", Role.Regulator, Outcome.Accepted)]
    public void OpenDisputeAndAddEvidence_AreForParties(string organisation, Role role, Outcome expected)
    {
        world.AddMember("insurer-2", Role.Insurer);
        world.Done(world.OpenDispute(world.LastSupply));
        Assert.Equal(expected, world.Do(world.AddEvidence(world.LastDispute, organisation, role)));
        Assert.Equal(expected, world.Do(world.OpenDispute(world.Head, organisation, role)));
    }

    [Fact]
    public void OpenDispute_ByThePatient_NeedsTheTokenAndAnyHospitalOrPharmacy()
    {
        Assert.Equal(Outcome.TokenInvalid, world.Do(world.PatientDispute(world.Head), tokenValid: false));
        Event regulator = Changed(world.PatientDispute(world.Head), e => (e.Organisation, e.Role) = ("regulator", Role.Regulator));
        Assert.Equal(Outcome.NotAuthorised, world.Do(regulator));
        Assert.Equal(Outcome.Accepted, world.Do(world.PatientDispute(world.Head)));
    }

    [Fact]
    public void WithdrawDispute_OfThePatient_NeedsTheToken()
    {
        world.Done(world.PatientDispute(world.LastSupply));
        ByteString dispute = world.LastDispute;
        Assert.Equal(Outcome.NotOpener, world.Do(world.WithdrawDispute(dispute, "pharmacy-b", Role.Pharmacy)));
        Event e = Changed(world.WithdrawDispute(dispute), e => e.WithdrawDispute.Token = Token());
        Assert.Equal(Outcome.TokenInvalid, world.Do(e, tokenValid: false));
        Assert.Equal(Outcome.Accepted, world.Do(e));
        Assert.Equal(Outcome.DisputeNotFound, world.Do(e.Clone()));
    }

    [Fact]
    public void WithdrawDispute_OfAnOrganisation_IsNotThePatients()
    {
        world.Done(world.OpenDispute(world.LastSupply));
        Event e = Changed(world.WithdrawDispute(world.LastDispute), e => e.WithdrawDispute.Token = Token());
        Assert.Equal(Outcome.NotOpener, world.Do(e));
        Assert.Equal(Outcome.NotOpener, world.Do(world.WithdrawDispute(world.LastDispute, "pharmacy-a", Role.Pharmacy)));
        Assert.Equal(Outcome.Accepted, world.Do(world.WithdrawDispute(world.LastDispute)));
    }

    [Fact]
    public void Dispute_AfterItsPeriod_IsOverUnlessExtended()
    {
        world.Done(world.OpenDispute(world.LastSupply)).Done(world.OpenDispute(world.Stored.Acts[0].EventId));
        ByteString dispute = world.LastDispute;
        world.Now += world.Policy.DisputePeriodMs - 1;
        world.Done(world.ExtendDispute(dispute));
        world.Now++;
        Assert.Equal(Outcome.Accepted, world.Do(world.Settle(world.LastSupply)));
        Assert.Equal(dispute, Assert.Single(world.Stored.Disputes).DisputeId);
        world.Now += world.Policy.DisputePeriodMs - 1;
        Assert.Equal(Outcome.DisputeNotFound, world.Do(world.AddEvidence(dispute)));
    }

    [Fact]
    public void OpenDispute_NinthOfOneOrganisation_IsTheLimit()
    {
        for (int i = 0; i < 8; i++) world.Done(Reason(world.OpenDispute(world.Head), i));
        Assert.Equal(Outcome.LimitReached, world.Do(Reason(world.OpenDispute(world.Head), 8)));
        Assert.Equal(Outcome.Accepted, world.Do(world.OpenDispute(world.Head, "regulator", Role.Regulator)));
    }

    [Fact]
    public void OpenDispute_ASideActOrAnotherPrescriptionsAct_IsNotFound()
    {
        world.Done(world.OpenDispute(world.Head));
        Assert.Equal(Outcome.ActNotFound, world.Do(world.OpenDispute(world.LastDispute)));
        ByteString head = world.Head;
        world.Rx = Id("rx-2");
        Assert.Equal(Outcome.ActNotFound, world.Done(world.Issue()).Do(world.OpenDispute(head)));
    }

    [Fact]
    public void Dispute_Open_StopsNeitherClaimNorDispense()
    {
        world.Done(world.OpenDispute(world.LastSupply)).Done(world.Dispense(1)).Done(world.Return());
        Assert.Equal(Outcome.Accepted, world.Do(world.Claim("pharmacy-b")));
    }

    [Fact]
    public void SideActs_OfOneOrganisation_AreLimited()
    {
        for (int i = 0; i < 256; i++) world.Done(Changed(world.RecordAccess(), e => e.RecordAccess.PurposeCode = (uint)i + 1));
        Assert.Equal(Outcome.LimitReached, world.Do(world.RecordAccess()));
        Assert.Equal(Outcome.Accepted, world.Do(world.RecordAccess("pharmacy-a", Role.Pharmacy)));
    }

    private static Event Reason(Event e, int number) => Changed(e, c => c.OpenDispute.ReasonCode = (uint)number + 1);
}
