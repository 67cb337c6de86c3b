using Google.Protobuf;
using RxChain.Engine.Core;
using RxChain.Engine.Tests.Simulation;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions.State;

namespace RxChain.Engine.Tests.Core;

/// <summary>A change of the validators acts after its block, and that block is final under the old ones first.</summary>
public sealed class EraTests
{
    private const long Boundary = 20;
    private static readonly string[] Old = [FixedNetwork.Hospital, FixedNetwork.PharmacyA, FixedNetwork.PharmacyB, FixedNetwork.Regulator];
    private static readonly string[] New = [FixedNetwork.Hospital, FixedNetwork.PharmacyA, SimNetwork.PharmacyC, SimNetwork.PharmacyD];

    private long _nowMs = FixedNetwork.CreatedMs;

    [Fact]
    public void Boundary_AllPresent_OldErasLastHeadIsFinalFirst()
    {
        var members = Members(Old.Union(New));
        Grow(members);
        Ticks(members, 60);

        Assert.All(members, m => Assert.Equal(40, m.Finality.FinalSize));
        Assert.All(members, m => Assert.Equal(
            [("end", Boundary), ("final", Boundary), ("final", 40L)], Published(m).SkipWhile(p => p.Item2 < Boundary)));
        foreach (var final in members[0].Effects.OfType<PublishFinal>().Where(p => p.Checkpoint.Checkpoint.Size > Boundary))
            Assert.True(Second.Quorum.Evaluate(final.Checkpoint).IsSatisfied);
        // The removed ones cosign nothing that the others rule.
        Assert.DoesNotContain(Cosigned(members.Single(m => m.Name == FixedNetwork.Regulator)), size => size > Boundary);
        Assert.DoesNotContain(Cosigned(members.Single(m => m.Name == SimNetwork.PharmacyC)), size => size <= Boundary);
    }

    [Fact]
    public void Boundary_OldQuorumIsGone_NothingBeyondIsCosigned()
    {
        // All of the new validators are here, and two of the four old ones.
        var members = Members(New);
        Grow(members);
        Ticks(members, 60);

        Assert.All(members, m => Assert.Equal(0, m.Finality.FinalSize));
        Assert.All(members, m => Assert.DoesNotContain(Cosigned(m), size => size > Boundary));
    }

    [Fact]
    public void Boundary_TwoInOneStall_EachBecomesFinalInTurn()
    {
        var members = Members(Old.Union(New));
        var third = Era(3, 30, [.. Old.Union(New)]);
        foreach (var member in members)
        {
            member.Append(10);
            member.Append(Boundary, Second);
            member.Append(30, third);
            member.Append(40);
        }
        Ticks(members, 60);

        Assert.All(members, m => Assert.Equal([Boundary, 30L], m.Effects.OfType<KeepEraEnd>().Select(e => e.Checkpoint.Checkpoint.Size)));
        Assert.All(members, m => Assert.Equal(40, m.Finality.FinalSize));
    }

    [Fact]
    public void Boundary_OneWasAwayWhileOthersPassedIt_ItIsLedThroughTheEras()
    {
        var members = Members(Old.Union(New));
        Grow(members[1..]);
        Ticks(members[1..], 60);
        Assert.All(members[1..], m => Assert.Equal(40, m.Finality.FinalSize));

        Grow(members[..1]);
        Ticks(members, 20);

        Assert.Equal(40, members[0].Finality.FinalSize);
        Assert.Equal(Boundary, Assert.Single(members[0].Effects.OfType<KeepEraEnd>()).Checkpoint.Checkpoint.Size);
    }

    /// <summary>
    /// Two logs part before the boundary: one changes the validators, the other does not. One validator, kept or removed,
    /// is on both with its key, as after a restored disk; each of the others is on either, in every way.
    /// </summary>
    [Theory]
    [InlineData(FixedNetwork.Hospital)]
    [InlineData(FixedNetwork.Regulator)]
    public void TwoLogsAroundABoundary_OneValidatorOnBoth_NeverTwoFinalHeads(string onBoth)
    {
        string[] others = [.. Old.Union(New).Where(name => name != onBoth)];
        int final = 0;
        for (int mask = 0; mask < 1 << others.Length; mask++)
        {
            var changed = others.Where((_, i) => (mask >> i & 1) == 0).Append(onBoth).Select(n => new FinalityMember(n, log: "x")).ToArray();
            var unchanged = others.Where((_, i) => (mask >> i & 1) == 1).Append(onBoth).Select(n => new FinalityMember(n, log: "y")).ToArray();
            Grow(changed);
            foreach (var member in unchanged)
            {
                member.Append(10);
                member.Append(Boundary);
                member.Append(30);
            }
            Ticks([.. changed, .. unchanged], 40);

            bool x = changed.Any(m => m.Finality.FinalSize > 0), y = unchanged.Any(m => m.Finality.FinalSize > 0);
            Assert.False(x && y, $"mask {mask}");
            final += x || y ? 1 : 0;
        }
        Assert.True(final > 0);
    }

    private static ValidatorSet Second { get; } = Era(2, Boundary, New);

    private static FinalityMember[] Members(IEnumerable<string> names) => [.. names.Select(name => new FinalityMember(name))];

    private static void Grow(IEnumerable<FinalityMember> members)
    {
        foreach (var member in members)
        {
            member.Append(10);
            member.Append(Boundary, Second);
            member.Append(30);
            member.Append(40);
        }
    }

    private void Ticks(FinalityMember[] members, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _nowMs += 100;
            foreach (var member in members)
                member.Tick(_nowMs);
            FinalityMember.Deliver(members, _ => true);
        }
    }

    private static IEnumerable<(string, long)> Published(FinalityMember member) => member.Effects.Select(effect => effect switch
    {
        KeepEraEnd end => ("end", end.Checkpoint.Checkpoint.Size),
        PublishFinal final => ("final", final.Checkpoint.Checkpoint.Size),
        _ => ("", 0L),
    }).Where(p => p.Item2 > 0);

    private static IEnumerable<long> Cosigned(FinalityMember member) => member.Effects.OfType<SaveCosignedHead>().Select(s => s.Head.Size);

    private static ValidatorSet Era(uint number, long fromSize, string[] names)
    {
        var era = new ValidatorEra { FromSize = (ulong)fromSize };
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        era.Validators.Add(sorted.Select(name => new EraValidator
        {
            Name = name,
            NodeKey = Encoded(name, "node"),
            CosignerKey = Encoded(name, "cosigner"),
            LogKey = Encoded(name, "log"),
        }));
        era.Quorum = QuorumRule.Write(
            sorted.Select(name => VerifierKey.Create(FixedNetwork.Origin, NoteAlgorithm.Ed25519, Key(name, "log"))),
            [.. sorted.Select(name => VerifierKey.Create(name, NoteAlgorithm.CosignatureV1, Key(name, "cosigner")))]);
        return new ValidatorSet(number, era);
    }

    private static Ed25519PublicKey Key(string name, string purpose) => FixedNetwork.Key(name, purpose).PublicKey;

    private static ByteString Encoded(string name, string purpose) => ByteString.CopyFrom(Key(name, purpose).Encoded);
}
