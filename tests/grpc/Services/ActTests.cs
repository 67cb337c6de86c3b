using Google.Protobuf;
using Grpc.Core;
using RxChain.Client;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.Testing.Node;
using Kind = RxChain.Prescriptions.Events.Reverse.Types.Kind;

namespace RxChain.Grpc.Tests.Services;

/// <summary>The rarer acts through the rpcs: prepared, recorded, in bulk, refused.</summary>
public sealed class ActTests : IAsyncLifetime
{
    private readonly ServiceHost _host = new() { KeyHeld = "pharmacy-a" };

    public static TheoryData<string> LifecycleActs =>
        ["review", "confirm", "claim", "extend_claim", "return_claim", "dispense", "close", "cancel", "record_supply", "correct", "reverse", "replace_token", "bind_token"];

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Prepare_SideActs_CiteTheHeadAndMakeNothingStale()
    {
        var id = Drafts.NewId();
        await _host.DoAsync(Drafts.Issue(id));
        await _host.DoAsync(Drafts.Claim(id));
        var dispensed = await _host.DoAsync(Drafts.Dispense(id, 2, "insurer"));
        var next = await _host.Prescriptions.PrepareEventAsync(new PrepareEventRequest { Draft = Drafts.Dispense(id, 1) });

        foreach (var side in new[] { Drafts.Settle(id, dispensed.EventId), Drafts.Hold(id, _host.NowMs + 60_000), Drafts.LiftHold(id) })
        {
            var prepared = await _host.Prescriptions.PrepareEventAsync(new PrepareEventRequest { Draft = side });
            var act = Event.Parser.ParseFrom(prepared.Payload);
            Assert.Equal((3u, dispensed.EventId), (act.Sequence, act.PreviousEventId));
            await _host.DoAsync(side);
        }

        Assert.Equal((3u, dispensed.EventId), ((await _host.ReadAsync(id)).Head.Sequence, next.Head.EventId));
        await _host.DoAsync(Drafts.Dispense(id, 1));
    }

    [Theory]
    [MemberData(nameof(LifecycleActs))]
    public async Task Submit_StaleLifecycleAct_CarriesTheHead(string act)
    {
        var id = Drafts.NewId();
        var issued = await _host.DoAsync(Drafts.Issue(id));
        var claimed = await _host.DoAsync(Drafts.Claim(id));
        byte[] stale = _host.Envelope(Lifecycle(id, act), 2, issued.EventId, Drafts.SignersOf(Lifecycle(id, act)));

        var error = await Failures.Of(StatusCode.Aborted, "STALE", () => Submit(stale));

        Assert.Equal(("2", Convert.ToHexStringLower(claimed.EventId.Span)), (error.Metadata["head_sequence"], error.Metadata["head_event_id"]));
    }

    [Fact]
    public async Task Submit_SideActThatCitesNothing_CarriesTheHead()
    {
        var id = Drafts.NewId();
        var issued = await _host.DoAsync(Drafts.Issue(id));
        byte[] blind = _host.Envelope(Drafts.RecordAccess(id), 1, ByteString.CopyFrom(new byte[32]), "hospital");

        var error = await Failures.Of(StatusCode.Aborted, "HEAD_UNKNOWN", () => Submit(blind));

        Assert.Equal(("1", Convert.ToHexStringLower(issued.EventId.Span)), (error.Metadata["head_sequence"], error.Metadata["head_event_id"]));
    }

    [Fact]
    public async Task Submit_WhoIsNotConcerned_IsPermissionDeniedAndWhatIsNotThereIsNotFound()
    {
        var id = Drafts.NewId();
        await _host.DoAsync(Drafts.Issue(id));
        var nothing = ByteString.CopyFrom(new byte[32]);

        await Failures.Of(StatusCode.PermissionDenied, "NOT_ISSUER", () => _host.DoAsync(Drafts.Cancel(id, "hospital-2")));
        await Failures.Of(StatusCode.NotFound, "DISPENSE_NOT_FOUND", () => _host.DoAsync(Drafts.Settle(id, nothing)));
        await Failures.Of(StatusCode.NotFound, "ACT_NOT_FOUND", () => _host.DoAsync(Drafts.OpenDispute(id, nothing)));
    }

    [Fact]
    public async Task RecordEvent_EveryActOfAPharmacist_GetsThePharmacysSignature()
    {
        var (id, emergency) = (Drafts.NewId(), Drafts.NewId());
        await _host.DoAsync(Drafts.Issue(id));
        await _host.DoAsync(Drafts.Claim(id));
        var dispensed = await RecordAsync(Drafts.Dispense(id, 2));
        var late = Drafts.RecordSupply(id, 1);
        late.TimeMs = (await _host.ReadAsync(id)).ClaimFromMs + 1;
        await RecordAsync(late);
        await RecordAsync(Drafts.Correct(id, dispensed.EventId));
        await RecordAsync(Drafts.Reverse(id, dispensed.EventId, Kind.NotHandedOver));
        await RecordAsync(Drafts.EmergencySupply(emergency, 1));

        var view = await _host.ReadAsync(id);
        Assert.Equal([true, false], view.Supplies.Select(supply => supply.Items[0].Reversed));
        Assert.Equal(9u, view.Lines[0].RemainingUnits);
        Assert.True((await _host.ReadAsync(emergency)).Emergency);
    }

    [Fact]
    public async Task SubmitEvents_RarerActs_HaveAResultEach()
    {
        var (id, emergency) = (Drafts.NewId(), Drafts.NewId());
        var issued = await _host.DoAsync(Drafts.Issue(id));
        byte[] hold = _host.Envelope(Drafts.Hold(id, _host.NowMs + 60_000), 1, issued.EventId, "regulator");
        byte[] settle = _host.Envelope(Drafts.Settle(id, issued.EventId), 1, issued.EventId, "insurer");
        byte[] supply = _host.Envelope(Drafts.EmergencySupply(emergency, 1), 1, ByteString.Empty, "pharmacy-a", "pharmacist-a");
        byte[] lift = _host.Envelope(Drafts.LiftHold(Drafts.NewId()), 1, issued.EventId, "regulator");
        var request = new SubmitEventsRequest { Events = { new[] { hold, settle, supply, lift }.Select(e => new BulkEvent { Envelope = ByteString.CopyFrom(e) }) } };
        using var call = _host.Prescriptions.SubmitEvents();
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(
            ["", "DISPENSE_NOT_FOUND", "", "NOT_FOUND"],
            call.ResponseStream.Current.Results.Select(result => result.Error is null ? "" : LedgerError.From(result.Error)!.Reason));
    }

    [Fact]
    public async Task State_TokenAndPayer_SignForThePlaceAndTheMoment()
    {
        var id = Drafts.NewId();
        using var token = P256PrivateKey.Generate();
        var issued = await _host.DoAsync(Drafts.Issue(id, issue =>
        {
            issue.TokenKey = ByteString.CopyFrom(token.PublicKey.Encoded);
            issue.Nominee = "";
        }));
        var claim = Drafts.Claim(id);
        claim.Claim.Presence = new PresenceAuthority { Payer = "insurer", AttestedMs = _host.NowMs };
        await _host.DoAsync(claim, _host.Network.Key("insurer"));
        await _host.DoAsync(Drafts.OpenDispute(id, issued.EventId), token);
        await _host.DoAsync(Drafts.RecordSupply(id, 1), token);
        await _host.DoAsync(Drafts.ReturnClaim(id));
        await _host.DoAsync(Drafts.GiveConsent(id, "pharmacy-b", _host.NowMs + 60_000), token);
        await _host.DoAsync(Drafts.Bind(id, "pharmacy-b"), token);
        await _host.DoAsync(Drafts.Claim(id, "pharmacy-b", number: 2), token);

        var view = await _host.ReadAsync(id);
        Assert.Equal(("pharmacy-b", true), (view.Holder, view.Disputes[0].ByPatient));
    }

    private async Task<SubmitEventResponse> RecordAsync(Event draft)
    {
        var prepared = await _host.Client.PrepareAsync(draft, _host.Signers("pharmacy-a", "pharmacist-a"));
        return await _host.Prescriptions.RecordEventAsync(new RecordEventRequest
        {
            Payload = ByteString.CopyFrom(prepared.Payload.Span),
            PractitionerSignature = ByteString.CopyFrom(_host.Network.Key("pharmacist-a").SignDigest(prepared.EventId)),
        });
    }

    private static Event Lifecycle(ByteString id, string act)
    {
        var some = ByteString.CopyFrom(new byte[32]);
        return act switch
        {
            "review" => OfPharmacist(id, new Event { Review = new Review { Verdict = Review.Types.Verdict.Approve } }),
            "confirm" => OfPrescriber(id, new Event { Confirm = new Confirm { AnswerCommitment = some } }),
            "claim" => Drafts.Claim(id),
            "extend_claim" => Drafts.By(id, "pharmacy-a", Role.Pharmacy, new Event { ExtendClaim = new ExtendClaim() }),
            "return_claim" => Drafts.ReturnClaim(id),
            "dispense" => Drafts.Dispense(id, 1),
            "close" => Drafts.By(id, "pharmacy-a", Role.Pharmacy, new Event { Close = new Close { ReasonCode = 1 } }),
            "cancel" => Drafts.Cancel(id),
            "record_supply" => Drafts.RecordSupply(id, 1),
            "correct" => Drafts.Correct(id, some),
            "reverse" => Drafts.Reverse(id, some, Kind.Returned),
            "replace_token" => Drafts.By(id, "hospital", Role.Hospital, new Event { ReplaceToken = new ReplaceToken { TokenKey = AnyKey, ReasonCode = 1 } }),
            _ => Bound(id),
        };
    }

    private static ByteString AnyKey => ByteString.CopyFrom([4, .. new byte[64]]);

    private static Event Bound(ByteString id)
    {
        var e = Drafts.Bind(id, "pharmacy-a");
        e.BindToken.Token = new TokenAuthority { TokenKey = AnyKey, Signature = ByteString.CopyFrom(new byte[64]) };
        return e;
    }

    private static Event OfPharmacist(ByteString id, Event act)
    {
        act.ResponsibleId = TestNetwork.Id("pharmacist-a");
        return Drafts.By(id, "pharmacy-a", Role.Pharmacy, act);
    }

    private static Event OfPrescriber(ByteString id, Event act)
    {
        act.ResponsibleId = TestNetwork.Id("prescriber");
        return Drafts.By(id, "hospital", Role.Hospital, act);
    }

    private async Task<SubmitEventResponse> Submit(byte[] envelope) =>
        await _host.Prescriptions.SubmitEventAsync(new SubmitEventRequest { Envelope = ByteString.CopyFrom(envelope) });
}
