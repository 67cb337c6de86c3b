using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>What an accountant would write down beside the ledger: how often each supply was settled.</summary>
internal sealed class Accounts
{
    public Dictionary<string, int> Settled { get; } = [];

    public void Accepted(Event e)
    {
        if (e.Settle is null) return;
        string supply = NaiveModel.Text(e.Settle.DispenseId);
        Settled[supply] = Settled.GetValueOrDefault(supply) + 1;
    }
}

/// <summary>What must hold in any state that the contract can reach. Looks at the contract's state alone.</summary>
internal static class Invariants
{
    /// <summary>Checks these prescriptions. Afterwards the world acts on the last of them.</summary>
    public static void Check(World world, Accounts accounts, IEnumerable<ByteString> ids)
    {
        foreach (ByteString id in ids)
        {
            if (world.State.Peek<Prescription>(EntityKind.Prescription, id) is not { } rx) continue;
            UnitsNeverExceedAuthority(rx);
            MoneyIsSettledOnce(rx, accounts);
            OnlyClaimedHasAHolder(rx);
            OnlyReviewedIsActive(world, rx);
            PacksHoldWhatWasTaken(world, rx);
            world.Rx = id;
            NothingElseStopsARightfulDispense(world);
        }
    }

    /// <summary>What counts and was not taken back, with what is left, is what the line authorises.</summary>
    private static void UnitsNeverExceedAuthority(Prescription rx)
    {
        for (int line = 0; line < rx.Lines.Count; line++)
        {
            long supplied = rx.Supplies.SelectMany(s => s.Items).Where(i => i.Line == line && !i.Reversed).Sum(i => i.Units);
            Assert.True(supplied + rx.Lines[line].Remaining == rx.Lines[line].Authorised, $"units of line {line}");
        }
    }

    private static void MoneyIsSettledOnce(Prescription rx, Accounts accounts)
    {
        foreach (Supply supply in rx.Supplies)
        {
            int times = accounts.Settled.GetValueOrDefault(NaiveModel.Text(supply.EventId));
            Assert.True(times == (supply.Settled ? 1 : 0), $"settled {times} times");
            Assert.True(!supply.RecoveryDue || (supply.Settled && supply.Items.Any(i => i.Reversed)), "recovery");
        }
    }

    private static void OnlyClaimedHasAHolder(Prescription rx)
    {
        bool claimed = rx.Status == PrescriptionStatus.Claimed;
        Assert.True(claimed == (rx.Holder.Length > 0) && claimed == (rx.ClaimUntilMs > 0), "holder");
        Assert.True(claimed || !rx.CancellationPending, "pending");
        bool left = rx.Lines.Any(l => l.Remaining > 0);
        bool open = rx.Status is PrescriptionStatus.Issued or PrescriptionStatus.Active or PrescriptionStatus.Claimed;
        Assert.True(left || !open, "nothing left");
    }

    private static void OnlyReviewedIsActive(World world, Prescription rx)
    {
        bool usable = rx.Status is PrescriptionStatus.Active or PrescriptionStatus.Claimed;
        Assert.True(!usable || rx.Approvals.Count >= world.Policy.ApprovalsBeforeClaim, "used without review");
    }

    /// <summary>Nothing but a hold, a pending cancellation, an open query, a review that policy wants, or a lapse.</summary>
    private static void NothingElseStopsARightfulDispense(World world)
    {
        if (RightfulDispense.Of(world) is not { } dispense) return;
        Prescription rx = world.Stored;
        Outcome[] reasons =
        [
            .. rx.Hold is { } hold && world.Now < hold.UntilMs ? [Outcome.Held] : Array.Empty<Outcome>(),
            .. rx.CancellationPending ? [Outcome.CancellationPending] : Array.Empty<Outcome>(),
            .. rx.QueryOpen ? [Outcome.QueryOpen] : Array.Empty<Outcome>(),
            .. rx.Approvals.Count < world.Policy.ApprovalsBeforeDispense ? [Outcome.ReviewMissing] : Array.Empty<Outcome>(),
        ];
        Outcome outcome = world.Ask(dispense);
        bool right = reasons.Length == 0 ? outcome == Outcome.Accepted : reasons.Contains(outcome);
        Assert.True(right, $"a rightful dispense is refused, {outcome}: {dispense}");
    }

    /// <summary>Never more than the content, and at least what this prescription took, unless the pack has another MAC now.</summary>
    private static void PacksHoldWhatWasTaken(World world, Prescription rx)
    {
        var taken = rx.Supplies.SelectMany(s => s.Items).Where(i => !i.Reversed).SelectMany(i => i.Packs);
        foreach (var uses in taken.GroupBy(use => use.PackMac))
        {
            if (world.State.Peek<Pack>(EntityKind.Pack, uses.Key) is not { } pack)
            {
                Assert.True(world.Policy.PackKeyVersion > 2 || world.Policy.PackKeyExchange, "a pack was forgotten");
                continue;
            }
            Assert.True(pack.Taken <= pack.Content, "more than the content was taken from a pack");
            Assert.True(uses.Sum(u => u.Taken) <= pack.Taken, "less is taken from a pack than supplies say");
        }
    }
}
