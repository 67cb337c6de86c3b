using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using static RxChain.Ledger.Tests.Contract.OutcomeTests;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Roles, keys, practitioners, and the acts about practitioners.</summary>
public class ActorTests
{
    private readonly World world = new();

    [Fact]
    public void Apply_RoleNotHeldOrOrganisationUnknown_IsNotAuthorised()
    {
        Assert.Equal(Outcome.NotAuthorised, world.Do(Changed(world.Issue(), e => e.Organisation = "pharmacy-a")));
        Assert.Equal(Outcome.NotAuthorised, world.Do(Changed(world.Issue(), e => e.Organisation = "nobody")));
    }

    [Fact]
    public void Apply_KeyOfAnother_IsNotOfActor()
    {
        Assert.Equal(Outcome.KeyNotOfActor, world.Do(Changed(world.Issue(), e => e.KeyIds[0] = World.KeyOf("hospital-2"))));
        Assert.Equal(Outcome.KeyNotOfActor, world.Do(Changed(world.Issue(), e => e.KeyIds[0] = World.KeyOf("dr-house"))));
        Assert.Equal(Outcome.KeyNotOfActor, world.Do(Changed(world.Issue(), e => e.KeyIds[1] = World.KeyOf("hospital"))));
    }

    [Fact]
    public void Apply_WithoutAdmission_NamesTheAdmissionOutcome()
    {
        Assert.Equal(Outcome.UnknownSigner, world.Do(Changed(world.Issue(), e => e.KeyIds[1] = World.Hash("never registered"))));
        Assert.Equal(Outcome.MissingSignature, world.Do(Changed(world.Issue(), e => e.KeyIds.RemoveAt(1))));
    }

    [Fact]
    public void Signers_Check_WantsTheResponsiblePractitionerExactlyWhenRequired()
    {
        foreach (Event e in RoleTableTests.Acts().Select(act => act.Act(world)))
        {
            Assert.Equal(Outcome.Accepted, Signers.Check(e));
            Assert.Equal(e.ResponsibleId.IsEmpty ? 1 : 2, e.KeyIds.Count);
            ByteString other = e.ResponsibleId.IsEmpty ? World.Id("dr-house") : ByteString.Empty;
            Assert.Equal(Outcome.MissingSignature, Signers.Check(Changed(e.Clone(), c => c.ResponsibleId = other)));
            Assert.Equal(Outcome.MissingSignature, Signers.Check(Changed(e.Clone(), c => c.KeyIds.Add(World.Hash("k")))));
            Assert.Equal(Outcome.MissingSignature, Signers.Check(Changed(e.Clone(), c => c.KeyIds.RemoveAt(0))));
        }
        Assert.Equal(Outcome.Malformed, Signers.Check(new Event()));
    }

    [Theory]
    [InlineData(Custody.Unspecified, Outcome.Accepted)]
    [InlineData(Custody.Organisation, Outcome.Accepted)]
    [InlineData(Custody.OwnDevice, Outcome.Accepted)]
    [InlineData(Custody.Card, Outcome.CustodyTooWeak)]
    public void Issue_KeyOnOwnDevice_AgainstLeastCustody(Custody least, Outcome expected)
    {
        world.Policy.LeastCustody = least;
        Assert.Equal(expected, world.Do(world.Issue()));
    }

    [Fact]
    public void Apply_SeveralRefusals_LowestNumberIsGiven()
    {
        Event e = Changed(world.Issue(), e => e.AuthorId = World.Id("nobody"));
        world.Done(world.Suspend("dr-house"));
        Assert.Equal(Outcome.PractitionerUnknown, world.Do(e));
        e.AuthorId = World.Id("pharmacist-b");
        Assert.Equal(Outcome.PractitionerSuspended, world.Do(e));
        world.Key("dr-house").ValidUntil = 1;
        Assert.Equal(Outcome.KeyRevoked, world.Do(e));
        e.TimeMs = 1;
        e.Role = Role.Insurer;
        Assert.Equal(Outcome.NotAuthorised, world.Do(e));
    }

    [Fact]
    public void Apply_SuspendedAuthor_IsRefused()
    {
        world.Done(world.Suspend("second-pharmacist"));
        Event e = Changed(world.Issue(), e => e.AuthorId = World.Id("second-pharmacist"));
        Assert.Equal(Outcome.PractitionerSuspended, world.Do(e));
    }

    [Fact]
    public void Suspend_ThenReinstate_StopsAndAllowsSigning()
    {
        world.Done(world.Suspend("dr-house"));
        Assert.Equal(Outcome.PractitionerSuspended, world.Do(world.Issue()));
        Assert.Equal(Outcome.WrongState, world.Do(world.Suspend("dr-house")));
        world.Done(world.Reinstate("dr-house"));
        Assert.Equal(Outcome.WrongState, world.Do(world.Reinstate("dr-house")));
        Assert.Equal(Outcome.Accepted, world.Do(world.Issue()));
    }

    [Fact]
    public void Register_NewPractitioner_CanSignFromTheNextLeaf()
    {
        world.Done(world.Register("dr-new", Profession.Prescriber, "hospital"));
        ByteString keyId = ByteString.CopyFrom(KeyId.Of(KeyId.EcdsaP256, World.PublicKey("dr-new").Span));
        Assert.Equal(keyId, world.Practitioner("dr-new").KeyId);
        Assert.Equal(101ul, world.State.Peek<Key>(EntityKind.Key, keyId)!.ValidFrom);
        Event issue = Changed(world.Issue(), e => (e.ResponsibleId, e.KeyIds[1]) = (World.Id("dr-new"), keyId));
        Assert.Equal(Outcome.Accepted, world.Do(issue));
    }

    [Fact]
    public void Register_IdOrKeyTaken_AlreadyExists()
    {
        world.Done(world.Register("dr-new", Profession.Prescriber, "hospital"));
        Assert.Equal(Outcome.AlreadyExists, world.Do(world.Register("dr-new", Profession.Pharmacist, "pharmacy-a")));
        Event sameKey = Changed(world.Register("dr-other", Profession.Prescriber, "hospital"), e =>
            e.RegisterPractitioner.PublicKey = World.PublicKey("dr-new"));
        Assert.Equal(Outcome.AlreadyExists, world.Do(sameKey));
    }

    [Fact]
    public void Suspend_UnknownOrStale_IsRefused()
    {
        Assert.Equal(Outcome.NotFound, world.Do(world.Suspend("nobody")));
        Event first = world.Suspend("dr-house");
        Event second = Changed(world.Suspend("dr-house"), e => e.SuspendPractitioner.ReasonCode = 8);
        world.Done(first);
        Assert.Equal(Outcome.Stale, world.Do(second));
    }

    [Fact]
    public void ForVersion_Unknown_IsNull() => Assert.Null(Contracts.ForVersion(2));
}
