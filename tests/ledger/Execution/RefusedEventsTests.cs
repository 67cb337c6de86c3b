using Google.Protobuf.Reflection;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>Refusals leave the state map again, and never fill a bucket.</summary>
public sealed class RefusedEventsTests
{
    private const int Bits = 4;
    private const long MinuteMs = 60_000;

    private readonly TestLedger _ledger = NewLedger();
    private int _claims;

    [Fact]
    public void Execute_RefusalInABucketWithForgottenOnes_DeletesThem()
    {
        var first = Refuse();
        var sameBucket = Next(KeyOf(first).Prefix(Bits));
        var otherBucket = Next(KeyOf(first).Prefix(Bits) ^ 1);
        ForgetAll();

        _ledger.Block(otherBucket);
        Assert.True(IsThere(first));
        _ledger.Block(sameBucket);

        Assert.False(IsThere(first));
        Assert.True(IsThere(sameBucket) && IsThere(otherBucket));
    }

    [Fact]
    public void Execute_RefusalInABucketWithRememberedOnes_KeepsThem()
    {
        var first = Refuse();
        var second = Next(KeyOf(first).Prefix(Bits));
        _ledger.Block(second);
        Assert.True(IsThere(first) && IsThere(second));
    }

    [Fact]
    public void Rebuild_AcrossDeletions_GivesTheSameRoots()
    {
        var refused = new List<SignedEvent>();
        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < 12; i++)
                refused.Add(Refuse());
            _ledger.Block(_ledger.Story.Issue($"issued {round}"));
            ForgetAll();
        }
        Assert.InRange(refused.Count(IsThere), 1, refused.Count / 2);

        var copy = NewLedger(blocks: false);
        for (int height = 1; height < _ledger.Seals.Count; height++)
            copy.Rebuild(_ledger, height);

        Assert.Equal(_ledger.Leaves, copy.Leaves);
        Assert.Equal(_ledger.State.Root, copy.State.Root);
    }

    [Fact]
    public void Execute_BucketFullOfForgottenRefusals_TakesAnAcceptedEvent()
    {
        Fill(EntityKind.Pack, Story.Hash("pack").Span, Bucket.MaxEntries, keepUntil: 1);
        _ledger.Block(_ledger.Story.Issue("rx-1"));
        _ledger.Block(_ledger.Story.Claim("rx-1"));
        Assert.Equal(Outcome.Accepted, _ledger.Block(_ledger.Story.Dispense("rx-1", 1, "pack")).Places[0].Outcome);
    }

    [Fact]
    public void Execute_RefusalsInABucketHalfFull_LeaveNothingMoreAndIssueGoesOn()
    {
        _ledger.Story.Issue("rx-1");
        var claim = _ledger.Story.Claim("rx-1");
        Fill(EntityKind.Refused, claim.EventId.Span, Bucket.MaxEntriesByRefusals, keepUntil: long.MaxValue);
        Fill(EntityKind.Prescription, Story.Id("rx-1").Span, Bucket.MaxEntriesByRefusals, keepUntil: long.MaxValue);

        Assert.Equal(Outcome.NotFound, _ledger.Block(claim).Places[0].Outcome);

        Assert.False(IsThere(claim));
        Assert.Null(Find("rx-1"));
        _ledger.Story.Forget("rx-1");
        _ledger.Story.Forget("rx-1");
        Assert.Equal(Outcome.Accepted, _ledger.Block(_ledger.Story.Issue("rx-1")).Places[0].Outcome);
        Assert.Equal(1u, Find("rx-1")!.LeafCount);
    }

    /// <summary>
    /// A Refused is told by its bytes: fields 1 to 4, each one number, and nothing more. No value of another kind may be that.
    /// </summary>
    [Fact]
    public void NoOtherKind_CanLookLikeARefused()
    {
        // A policy without base_window_heights, field 8, is refused with its genesis.
        MessageDescriptor[] others = [.. StateReflection.Descriptor.MessageTypes.Where(m => m.Name is not (nameof(Refused) or nameof(Policy)))];
        Assert.NotEmpty(others);
        Assert.DoesNotContain(others, m => Enumerable.Range(1, 4).All(field => m.FindFieldByNumber(field) is { IsRepeated: false } f && IsVarint(f.FieldType)));
    }

    private static bool IsVarint(FieldType type) => type is not (FieldType.Bytes or FieldType.String or FieldType.Message or FieldType.Group
        or FieldType.Double or FieldType.Float or FieldType.Fixed32 or FieldType.Fixed64 or FieldType.SFixed32 or FieldType.SFixed64);

    private static TestLedger NewLedger(bool blocks = true)
    {
        var policy = FixedNetwork.Policy();
        policy.BucketBits = Bits;
        var ledger = new TestLedger(FixedNetwork.Genesis() with { Policy = policy });
        if (blocks)
        {
            ledger.Block(
                ledger.Story.Register(Story.Prescriber, Profession.Prescriber, FixedNetwork.Hospital),
                ledger.Story.Register(Story.Pharmacist, Profession.Pharmacist, FixedNetwork.PharmacyA));
        }
        return ledger;
    }

    private static Hash32 KeyOf(SignedEvent e) => StateKey.Of(EntityKind.Refused, e.EventId.Span);

    private bool IsThere(SignedEvent e) => _ledger.State.FindValue(KeyOf(e)) is not null;

    private Prescription? Find(string prescription) => _ledger.State.Find<Prescription>(EntityKind.Prescription, Story.Id(prescription).Span);

    // A claim of a prescription that was never issued.
    private SignedEvent Next() => _ledger.Story.Claim($"unknown {_claims++}");

    private SignedEvent Next(uint bucket)
    {
        while (true)
        {
            var claim = Next();
            if (KeyOf(claim).Prefix(Bits) == bucket)
                return claim;
        }
    }

    private SignedEvent Refuse()
    {
        var claim = Next();
        Assert.NotEqual(Outcome.Accepted, _ledger.Block(claim).Places[0].Outcome);
        return claim;
    }

    // Passes the heights and the time after which all refusals so far are forgotten.
    private void ForgetAll()
    {
        _ledger.ClockMs += 20 * MinuteMs;
        _ledger.Story.NowMs = _ledger.ClockMs;
        for (int i = 0; i < 12; i++)
            _ledger.Block();
    }

    // Fills the bucket of an entry with refusals of events that nobody saw.
    private void Fill(EntityKind kind, ReadOnlySpan<byte> id, int entries, long keepUntil)
    {
        uint bucket = StateKey.Of(kind, id).Prefix(Bits);
        for (int i = 0; !_ledger.State.IsFull(kind, id, entries); i++)
        {
            byte[] eventId = BitConverter.GetBytes(i);
            if (StateKey.Of(EntityKind.Refused, eventId).Prefix(Bits) != bucket)
                continue;
            _ledger.State.Put(EntityKind.Refused, eventId, new Refused
            {
                Outcome = Outcome.NotFound,
                LeafIndex = 2,
                KeepUntilMs = keepUntil,
                KeepUntilHeight = (ulong)keepUntil,
            });
        }
    }
}
