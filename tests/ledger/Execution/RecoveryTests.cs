using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tests.Fixtures;

namespace RxChain.Ledger.Tests.Execution;

/// <summary>A new epoch: who may open it, where, and what counts from then on.</summary>
public sealed class RecoveryTests
{
    private readonly TestLedger _ledger = TestLedger.WithPeople();

    public static TheoryData<string, Func<RecoveryLeaf, RecoveryLeaf>, string> Faults => new()
    {
        { "network", r => r with { Network = "rx.example/fedcba9876543210" }, "of network" },
        { "epoch", r => r with { Epoch = 2 }, "does not follow" },
        { "size", r => r with { BaseSize = r.BaseSize - 1 }, "not this place of the log" },
        { "root", r => r with { BaseRoot = default }, "not this place of the log" },
        { "two statements", r => Signed(r with { Statements = [.. r.Statements.Take(2)] }), "2 statements are not a quorum" },
        { "one statement twice", r => Signed(r with { Statements = [.. r.Statements, r.Statements[2]] }), "in ascending order" },
        { "a stranger's statement", r => Signed(r with { Statements = [r.Statements[0] with { Validator = FixedNetwork.Insurer }, .. r.Statements.Skip(1)] }), "must be of validators" },
        { "another's statement", r => Signed(r with { Statements = [r.Statements[0] with { Signature = r.Statements[1].Signature }, .. r.Statements.Skip(1)] }), "not signed by its node key" },
        { "a statement of another epoch", r => Signed(r with { Statements = [Stated(r, 2, r.BaseSize, r.BaseRoot), .. r.Statements.Skip(1)] }), "not signed by its node key" },
        { "a larger statement", r => Signed(r with { Statements = [Stated(r, 1, r.BaseSize + 1, r.BaseRoot), .. r.Statements.Skip(1)] }), "not the largest head" },
        { "smaller statements alone", r => Signed(r with { Statements = [.. r.Statements.Select(s => Stated(r, 1, 1, default, s.Validator))] }), "not the largest head" },
        { "another head", r => Signed(r with { Statements = [Stated(r, 1, r.BaseSize, default), .. r.Statements.Skip(1)] }), "cosigned another head" },
        { "two signatures", r => r with { Signatures = [.. r.Signatures.Take(2)] }, "2 signatures are not a quorum" },
        { "another's signature", r => r with { Signatures = [r.Signatures[0] with { Signature = r.Signatures[1].Signature }, .. r.Signatures.Skip(1)] }, "not by its node key" },
        { "another start", r => r with { StartPosition = 8 }, "not by its node key" },
        { "no signature", r => r with { Signatures = [] }, "0 signatures" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Recover_RecordWithAFault_RefusedAndNothingChanged(string what, Func<RecoveryLeaf, RecoveryLeaf> spoil, string says)
    {
        var (size, root) = (_ledger.Head.Size, _ledger.State.ComputeRoot());
        var block = _ledger.Executor.Recover(spoil(_ledger.Recovery()), out string reason);
        Assert.True(block is null, what);
        Assert.Contains(says, reason, StringComparison.Ordinal);
        Assert.Equal((size, root), (_ledger.Head.Size, _ledger.State.ComputeRoot()));
    }

    [Fact]
    public void Recover_ByEveryQuorum_OpensTheNextEpoch()
    {
        foreach (string absent in FixedNetwork.Validators)
            _ledger.Recover([.. FixedNetwork.Validators.Where(name => name != absent)]);
        Assert.Equal((4UL, 7UL), (_ledger.Head.Epoch, _ledger.Head.OrderingPosition));
    }

    [Fact]
    public void Batch_OfTheEpochBefore_CountsNoMore()
    {
        var header = _ledger.Header();
        _ledger.Recover();
        Assert.Null(_ledger.Try(header, out string reason, []));
        Assert.Contains("epoch", reason, StringComparison.Ordinal);
        Assert.Equal(1UL, _ledger.Block(_ledger.Story.Issue("rx-1")).Seal.Epoch);
    }

    [Fact]
    public void Seal_OfARecovery_KeepsTimeAndState()
    {
        var before = _ledger.Seals[^1];
        var seal = _ledger.Recover().Seal;
        Assert.Equal((before.LedgerTimeMs, before.StateRoot, before.Height + 1), (seal.LedgerTimeMs, seal.StateRoot, seal.Height));
        Assert.True(seal.BatchHeader.IsEmpty);
    }

    [Fact]
    public void Join_SignaturesOfOneRecord_AreCollected()
    {
        var draft = _ledger.Recovery() with { Signatures = [] };
        var joined = FixedNetwork.Validators[..3].Reverse()
            .Select(v => draft.SignedBy(v, Key(v)))
            .Aggregate((one, other) => one.Join(other)!);
        Assert.Equal(_ledger.Recovery().ToArray(), joined.ToArray());
        Assert.Null(draft.Join(draft with { StartPosition = 9 }));
    }

    [Fact]
    public void DraftFault_GoodDraft_None() =>
        Assert.Null((_ledger.Recovery() with { Signatures = [] }).DraftFault(ValidatorSet.Current(_ledger.State)));

    private static Ed25519PrivateKey Key(string validator) => FixedNetwork.Key(validator, "node");

    private static RecoveryStatement Stated(RecoveryLeaf record, ulong epoch, long size, Hash32 root, string? validator = null) =>
        RecoveryStatement.Sign(record.Network, epoch, validator ?? record.Statements[0].Validator, size, root, Key(validator ?? record.Statements[0].Validator));

    private static RecoveryLeaf Signed(RecoveryLeaf record) =>
        FixedNetwork.Validators[..3].Aggregate(record with { Signatures = [] }, (r, v) => r.SignedBy(v, Key(v)));
}
