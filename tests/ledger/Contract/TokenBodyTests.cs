using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>The bytes that tokens and new keys sign; the vectors stand in docs/FORMAT.md.</summary>
public class TokenBodyTests
{
    private const string Network = "rx.example/0123456789abcdef";
    private const string NetworkHex = "001b72782e6578616d706c652f30313233343536373839616263646566";
    private static readonly byte[] PrescriptionId = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");

    private const string TokenHex =
        NetworkHex + "000102030405060708090a0b0c0d0e0f" + "000a" + "706861726d6163792d61" + "00000002";

    [Fact]
    public void ClaimBody_Vector_HasTheDocumentedLayout() =>
        Assert.Equal(TokenHex, Convert.ToHexStringLower(Statements.ClaimBody(Network, PrescriptionId, "pharmacy-a", 2)));

    [Fact]
    public void CancelBody_Vector_HasTheDocumentedLayout() =>
        Assert.Equal(TokenHex, Convert.ToHexStringLower(Statements.ClaimBody(Network, PrescriptionId, "pharmacy-a", 2)));

    [Fact]
    public void ProofOfPossessionBody_Vector_HasTheDocumentedLayout()
    {
        var registration = new RegisterPractitioner
        {
            PractitionerId = ByteString.CopyFrom(PrescriptionId),
            PublicKey = ByteString.CopyFrom([4, .. new byte[64]]),
            Custody = Custody.OwnDevice,
            Profession = Profession.Prescriber,
            CredentialCommitment = ByteString.CopyFrom(Enumerable.Repeat((byte)0xCC, 32).ToArray()),
        };
        string expected = NetworkHex + "000102030405060708090a0b0c0d0e0f" + "04" + new string('0', 128) + "02" + "01"
            + string.Concat(Enumerable.Repeat("cc", 32));
        Assert.Equal(expected, Convert.ToHexStringLower(ProofOfPossession.Body(Network, registration)));
    }

    [Fact]
    public void TryRead_ClaimAndCancel_TakeTheBodyFromTheEvent()
    {
        var world = new World();
        Event claim = world.Claim("pharmacy-a");
        Assert.True(Statements.TryRead(claim, out Statement statement));
        Assert.Equal(Statements.Claim, statement.PayloadType);
        Assert.Equal(Statements.ClaimBody(World.Network, world.Rx.Span, "pharmacy-a", 1), statement.Body);
        Event cancel = world.PatientCancel("pharmacy-b");
        Assert.True(Statements.TryRead(cancel, out statement));
        Assert.Equal(Statements.Cancel, statement.PayloadType);
        Assert.Equal(Statements.ClaimBody(World.Network, world.Rx.Span, "pharmacy-b", cancel.Sequence), statement.Body);
        Assert.Equal(cancel.Cancel.Token.TokenKey, statement.PublicKey);
    }

    [Fact]
    public void TryRead_NoToken_IsFalse()
    {
        var world = new World();
        foreach (Event e in new[] { world.Cancel(), world.ClaimAsNominee("pharmacy-a"), world.Issue() })
            Assert.False(Statements.TryRead(e, out _));
    }
}
