using Google.Protobuf;
using RxChain.Client;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.Testing.Node;

namespace RxChain.Grpc.Tests.Services;

/// <summary>The client against nodes that lie.</summary>
public sealed class ClientTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    public static TheoryData<string> Lies => ["units", "nominee", "organisation", "network", "key", "time", "act", "more bytes"];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Check_NodePreparedAnotherEvent_IsNotSigned(string lie)
    {
        var draft = Drafts.Issue(Drafts.NewId());
        var prepared = await host.Prescriptions.PrepareEventAsync(new PrepareEventRequest { Draft = draft });
        prepared.Payload = lie == "more bytes"
            ? ByteString.CopyFrom([.. prepared.Payload.Span, 0xF8, 0x3F, 0x01])
            : Twist(Event.Parser.ParseFrom(prepared.Payload), lie).ToByteString();

        Assert.Throws<PreparedEventMismatchException>(() => Check(draft, prepared));
    }

    [Fact]
    public async Task Check_NodeNamesAHeadForAnIssue_IsNotSigned()
    {
        var draft = Drafts.Issue(Drafts.NewId());
        var prepared = await host.Prescriptions.PrepareEventAsync(new PrepareEventRequest { Draft = draft });
        prepared.Head = new Head { Sequence = 4, EventId = ByteString.CopyFrom(new byte[32]) };

        Assert.Throws<PreparedEventMismatchException>(() => Check(draft, prepared));
    }

    [Fact]
    public async Task Check_HonestNode_GivesTheSameEventId()
    {
        var draft = Drafts.Issue(Drafts.NewId());
        var prepared = await host.Prescriptions.PrepareEventAsync(new PrepareEventRequest { Draft = draft });

        Assert.Equal(prepared.EventId.ToByteArray(), Check(draft, prepared).EventId.ToArray());
    }

    [Fact]
    public async Task Act_SignerElsewhereThatReturnsHighS_IsNormalised()
    {
        for (int i = 0; i < 4; i++)
        {
            var signer = new EventSigner(
                host.Network.Key("hospital").PublicKey.Encoded, (digest, _) => Task.FromResult(HighS(host.Network.Key("hospital").SignDigest(digest))));
            var accepted = await host.Client.ActAsync(Drafts.Issue(Drafts.NewId()), [signer, .. host.Signers("prescriber")]);
            Assert.False(accepted.Duplicate);
        }
    }

    [Fact]
    public async Task Verify_ReceiptOfAnotherLeafOrPolicy_IsRefused()
    {
        var issued = await host.IssueAsync(Drafts.NewId());
        string receipt = (await host.Ledger.GetReceiptAsync(new GetReceiptRequest { LeafIndex = issued.LeafIndex, Wait = true })).Receipt;
        var leaf = host.Node.ReadLeaf(issued.LeafIndex);
        Assert.True(EventLeaf.TryParse(leaf, out var parsed));
        byte[] refused = new EventLeaf(Outcome.Stale, parsed.Envelope).ToArray();
        using var others = new TestNetwork();
        var verifier = new ReceiptVerifier(host.Network.Policy);

        Assert.True(verifier.TryVerify(receipt, issued.LeafIndex, leaf, out var verified, out _));
        Assert.Equal(Outcome.Accepted, verified.Outcome);
        Assert.False(verifier.TryVerify(receipt, issued.LeafIndex, refused, out _, out _));
        Assert.False(verifier.TryVerify(receipt, issued.LeafIndex - 1, leaf, out _, out _));
        Assert.False(verifier.TryVerify(receipt + "x", issued.LeafIndex, leaf, out _, out _));
        Assert.False(new ReceiptVerifier(others.Policy).TryVerify(receipt, issued.LeafIndex, leaf, out _, out _));
    }

    [Fact]
    public async Task GetVerified_LeafOfAnotherEvent_IsRefused()
    {
        var issued = await host.IssueAsync(Drafts.NewId());

        await Assert.ThrowsAsync<ReceiptInvalidException>(() => host.Client.GetVerifiedAsync(issued.LeafIndex, default));
    }

    private PreparedEvent Check(Event draft, PrepareEventResponse prepared) =>
        PreparedEvent.Check(draft, TestNetwork.Origin, host.Signers("hospital", "prescriber"), prepared);

    private Event Twist(Event act, string lie)
    {
        switch (lie)
        {
            case "units": act.Issue.Lines[0].Units++; break;
            case "nominee": act.Issue.Nominee = "pharmacy-b"; break;
            case "organisation": act.Organisation = "hospital-2"; break;
            case "network": act.Network = "rx.test/fedcba9876543210"; break;
            case "key": act.KeyIds[0] = host.Network.KeyId("hospital-2"); break;
            case "time": act.TimeMs++; break;
            default: act.Cancel = new Cancel { ReasonCode = 1 }; break;
        }
        return act;
    }

    private static byte[] HighS(byte[] signature)
    {
        byte[] order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        var high = new System.Numerics.BigInteger(order, true, true) - new System.Numerics.BigInteger(signature.AsSpan(32), true, true);
        byte[] s = high.ToByteArray(true, true);
        return [.. signature[..32], .. new byte[32 - s.Length], .. s];
    }
}
