using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Ledger.Envelopes;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.Testing.Node;

namespace RxChain.Grpc.Tests.Services;

/// <summary>Bytes that no honest client sends. None may reach the ledger.</summary>
public sealed class HostileInputTests(ServiceHost host) : IClassFixture<ServiceHost>, IDisposable
{
    // The order n of P-256 (FIPS 186-5).
    private static readonly byte[] Order =
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private readonly long _size = host.Node.Status.Size;

    public void Dispose() => Assert.Equal(_size, host.Node.Status.Size);

    [Fact]
    public Task Submit_EnvelopeOver48KiB_IsMalformed() => Refuses("MALFORMED", new byte[SignedEvent.MaxSizeBytes + 1]);

    [Fact]
    public async Task Submit_MessageOver4MiB_IsResourceExhausted()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => Submit(new byte[5 << 20]));

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }

    [Fact]
    public async Task Submit_Garbage_IsMalformed()
    {
        var random = new Random(7);
        for (int i = 0; i < 50; i++)
        {
            byte[] garbage = new byte[random.Next(2_000)];
            random.NextBytes(garbage);
            await Refuses("MALFORMED", garbage);
        }
    }

    [Fact]
    public Task Submit_OtherNetwork_IsRefused() => Refuses("WRONG_NETWORK", Enveloped(e => e.Network = "rx.test/fedcba9876543210"));

    [Fact]
    public Task Submit_StrippedSignature_IsRefused() => Refuses("MISSING_SIGNATURE", Good()[..^66]);

    [Fact]
    public Task Submit_AddedSignature_IsRefused()
    {
        byte[] good = Good();
        return Refuses("MISSING_SIGNATURE", [.. good, .. good[^66..]]);
    }

    [Fact]
    public Task Submit_SwappedSignatures_IsRefused()
    {
        byte[] good = Good();
        return Refuses("BAD_SIGNATURE", [.. good[..^132], .. good[^66..], .. good[^132..^66]]);
    }

    [Fact]
    public Task Submit_HighS_IsRefused()
    {
        byte[] high = Good();
        Negate(high.AsSpan(high.Length - 32));
        return Refuses("BAD_SIGNATURE", high);
    }

    [Fact]
    public Task Submit_FlippedPayloadBit_IsRefused()
    {
        byte[] flipped = Good();
        flipped[^(132 + 40)] ^= 1; // inside a commitment
        return Refuses("BAD_SIGNATURE", flipped);
    }

    [Fact]
    public async Task Submit_UnknownSigner_IsRefused()
    {
        var act = host.Complete(Drafts.Issue(Drafts.NewId()), 1, ByteString.Empty, "stranger", "prescriber");

        await Refuses("UNKNOWN_SIGNER", host.Network.Sign(act, "stranger", "prescriber"));
    }

    [Fact]
    public async Task Submit_SignersThatTheActDoesNotNeed_IsRefused()
    {
        var act = host.Complete(Drafts.Issue(Drafts.NewId()), 1, ByteString.Empty, "hospital");
        act.ResponsibleId = ByteString.Empty;

        await Refuses("MISSING_SIGNATURE", host.Network.Sign(act, "hospital"));
    }

    [Theory]
    [InlineData("unknown field", new byte[] { 0xF8, 0x3F, 0x01 })]
    [InlineData("repeated singular field", new byte[] { 0x20, 0x01 })]
    public async Task Submit_PayloadWithMoreFields_IsMalformed(string what, byte[] more)
    {
        byte[] payload = [.. Act().ToByteArray(), .. more];
        byte[] envelope = SignedEvent.Encode(payload, [.. new[] { "hospital", "prescriber" }
            .Select(name => host.Network.Key(name).SignDigest(Dsse.EventId(payload)))]);

        Assert.NotEmpty(what);
        await Refuses("MALFORMED", envelope);
    }

    [Fact]
    public Task Submit_OtherPayloadType_IsMalformed()
    {
        byte[] other = Good();
        Encoding.ASCII.GetBytes("v2").CopyTo(other, 2 + Dsse.EventType.Length - 2);
        return Refuses("MALFORMED", other);
    }

    [Fact]
    public async Task Read_IdsOfWrongLength_AreMalformed()
    {
        var id = ByteString.CopyFrom(new byte[500]);
        await Failures.Of(StatusCode.InvalidArgument, "MALFORMED",
            async () => await host.Prescriptions.GetPrescriptionAsync(new GetPrescriptionRequest { PrescriptionId = id }));
        await Failures.Of(StatusCode.InvalidArgument, "MALFORMED",
            async () => await host.Prescriptions.GetHistoryAsync(new GetHistoryRequest { PrescriptionId = id }));
        await Failures.Of(StatusCode.InvalidArgument, "MALFORMED", async () => await host.Ledger.GetStateProofAsync(
            new GetStateProofRequest { Kind = RxChain.Prescriptions.State.EntityKind.Pack, Id = id }));
        await Failures.Of(StatusCode.InvalidArgument, "MALFORMED",
            async () => await host.Prescriptions.RecordEventAsync(new RecordEventRequest { Payload = id }));
    }

    private Event Act() => host.Complete(Drafts.Issue(Drafts.NewId()), 1, ByteString.Empty, "hospital", "prescriber");

    private byte[] Good() => host.IssueEnvelope(Drafts.NewId());

    private byte[] Enveloped(Action<Event> change)
    {
        var act = Act();
        change(act);
        return host.Network.Sign(act, "hospital", "prescriber");
    }

    private static void Negate(Span<byte> s)
    {
        for (int i = 31, borrow = 0; i >= 0; i--)
        {
            int digit = Order[i] - s[i] - borrow;
            borrow = digit < 0 ? 1 : 0;
            s[i] = (byte)digit;
        }
    }

    private async Task Refuses(string reason, byte[] envelope)
    {
        var status = reason is "MALFORMED" or "WRONG_NETWORK" ? StatusCode.InvalidArgument : StatusCode.Unauthenticated;
        var error = await Failures.Of(status, reason, () => Submit(envelope));
        Assert.False(error.Metadata.ContainsKey("leaf_index"));
    }

    private async Task Submit(byte[] envelope) =>
        await host.Prescriptions.SubmitEventAsync(new SubmitEventRequest { Envelope = ByteString.CopyFrom(envelope) });
}
