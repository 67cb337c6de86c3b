using RxChain.Ledger.StateMaps;
using RxChain.Prescriptions.State;
using RxChain.Testing;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.StateMaps;

/// <summary>A state proof holds for one key, one value or none, and one root.</summary>
public sealed class StateProofTests(ITestOutputHelper output)
{
    private readonly StateMap _map = Filled();

    [Fact]
    public void Verify_AnyBitFlipped_Fails()
    {
        var key = Key(7);
        var (proof, value) = _map.Prove(key, 1)!.Value;
        byte[] bytes = proof.ToArray();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(StateProof.TryParse(flipped, out var changed) && changed.Verify(_map.Root, key, value), $"bit {bit}");
        }
    }

    [Fact]
    public void Verify_AnotherKeyRootOrValue_Fails()
    {
        var (proof, value) = _map.Prove(Key(7), 1)!.Value;
        Assert.True(proof.Verify(_map.Root, Key(7), value));
        Assert.False(proof.Verify(_map.Root, Key(8), value));
        Assert.False(proof.Verify(default, Key(7), value));
        Assert.False(proof.Verify(_map.Root, Key(7), null));
        value![^1] ^= 1;
        Assert.False(proof.Verify(_map.Root, Key(7), value));
    }

    [Fact]
    public void Verify_AbsenceByTheProofOfAnotherBucket_Fails()
    {
        var absent = Key(1000);
        var elsewhere = Enumerable.Range(0, 100).Select(Key).First(key => key.Prefix(8) != absent.Prefix(8));
        Assert.True(_map.Prove(absent, 1)!.Value.Proof.Verify(_map.Root, absent, null));
        Assert.False(_map.Prove(elsewhere, 1)!.Value.Proof.Verify(_map.Root, absent, null));
    }

    [Fact]
    public void Verify_PairLeftOutOrAdded_Fails()
    {
        var (proof, _) = _map.Prove(Key(7), 1)!.Value;
        Assert.False((proof with { Pairs = [.. proof.Pairs.Where(p => p.Key != Key(7))] }).Verify(_map.Root, Key(7), null));
        Assert.False((proof with { Pairs = [.. proof.Pairs, proof.Pairs[^1]] }).Verify(_map.Root, Key(1000), null));
    }

    [Fact]
    public void TryParse_OwnEncoding_GivesWhatWasPutIn()
    {
        var (proof, _) = _map.Prove(Key(7), 1)!.Value;
        Assert.True(StateProof.TryParse(proof.ToArray(), out var again));
        Assert.Equal(proof.ToArray(), again.ToArray());
    }

    [Fact]
    public void TryParse_Mutants_ReturnsAndVerifiesOnlyTheOriginal()
    {
        var (proof, value) = _map.Prove(Key(7), 1)!.Value;
        byte[] sample = proof.ToArray();
        Fuzz.Run(output, [sample], mutant =>
        {
            if (!StateProof.TryParse(mutant, out var parsed))
                return;
            Assert.Equal(mutant, parsed.ToArray());
            Assert.Equal(mutant.AsSpan().SequenceEqual(sample), parsed.Verify(_map.Root, Key(7), value));
        }, 8 << 20);
    }

    [Fact]
    public void Remember_MoreCopiesThanAllowed_TheOldestStatesGoAndLaterOnesStillProve()
    {
        var map = new StateMap(8, new StoredBuckets());
        var roots = new Dictionary<long, Hash32>();
        for (int size = 1; size <= 6; size++)
        {
            for (int id = 0; id < 10; id++)
                map.Put(EntityKind.Prescription, BitConverter.GetBytes(id), new Clock { ReportedMs = size });
            map.ComputeRoot();
            roots[size] = map.Root;
            map.Remember(size, 100, maxBuckets: 25);
        }
        Assert.Null(map.Prove(Key(7), 1));
        Assert.Null(map.Prove(Key(7), 3));
        for (int size = 4; size <= 6; size++)
        {
            var proven = map.Prove(Key(7), size)!.Value;
            Assert.Equal(size, Clock.Parser.ParseFrom(proven.Value).ReportedMs);
            Assert.True(proven.Proof.Verify(roots[size], Key(7), proven.Value));
        }
    }

    private static Hash32 Key(int id) => StateKey.Of(EntityKind.Prescription, BitConverter.GetBytes(id));

    private static StateMap Filled()
    {
        var map = new StateMap(8, new StoredBuckets());
        for (int id = 0; id < 500; id++)
            map.Put(EntityKind.Prescription, BitConverter.GetBytes(id), new Clock { ReportedMs = id + 1 });
        map.ComputeRoot();
        map.Remember(1, 1);
        return map;
    }
}
