using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract.Model;

internal sealed partial class NaiveModel
{
    /// <summary>All that ever happened to one prescription. What can be worked out from it is not stored.</summary>
    public sealed class Rx
    {
        public string Status = "", Issuer = "", Prescriber = "", Nominee = "", Custodian = "", Group = "", After = "", Bound = "";
        public string ReplacedBy = "", CoveredBy = "";
        public bool Emergency, QueryOpen, CancelPending, Erased;
        public long From, Until;
        public List<Line> Lines = [];
        public List<TokenSpan> Tokens = [];
        public List<ClaimSpan> Claims = [];
        public List<HoldSpan> Holds = [];
        public List<Supply> Supplies = [];
        public List<Dispute> Disputes = [];
        public List<Consent> Consents = [];
        public List<string> Approvers = [];
        public List<Recorded> Acts = [];
        public List<Recorded> SideActs = [];

        public bool Finished => Status is "Completed" or "Cancelled" or "Rejected" or "Expired";

        /// <summary>Time of the latest act. A late supply has an earlier one and does not put this back.</summary>
        public long LastMs => Acts.Max(a => a.Event.TimeMs);

        public string Holder => Status == "Claimed" ? Claims[^1].Holder : "";

        /// <summary>What the line authorises, less every item that counts and was not taken back.</summary>
        public long Left(int line) => Lines[line].Units - Supplies.SelectMany(s => s.Items)
            .Where(i => i.Line == line && !i.Reversed).Sum(i => i.Counted);

        public bool AnythingLeft => Enumerable.Range(0, Lines.Count).Any(n => Left(n) > 0);
    }

    public sealed record Line(long Units, bool NoSubstitution);

    /// <summary>An accepted act, with the ledger time at which it was accepted.</summary>
    public sealed record Recorded(Event Event, string Id, long At)
    {
        public HashSet<string> Marks { get; } = [];
    }

    public sealed class TokenSpan
    {
        public string Key = "";
        public long From, Until = long.MaxValue;
    }

    /// <summary>A claim: it ends when the clock has run for <see cref="Period"/> since <see cref="Since"/>, holds not counted.</summary>
    public sealed class ClaimSpan
    {
        public string Holder = "";
        public long From, Until = long.MaxValue, Since, Period;
    }

    public sealed class HoldSpan
    {
        public string Regulator = "";
        public uint Reason;
        public long From, Until;
    }

    public sealed class Supply
    {
        public string Id = "", Dispenser = "", Payer = "";
        public long RecordedAt, HandedOver;
        public bool Late, Settled, RecoveryDue;
        public List<Item> Items = [];

        public bool WhollyReversed => Items.TrueForAll(i => i.Reversed);
    }

    public sealed class Item
    {
        public int Line;
        public long Counted, Excess;
        public bool Reversed;
        public List<Use> Uses = [];
    }

    /// <summary>A pack, whatever it is called at the time, and all that was ever taken from it.</summary>
    public sealed class PackBox
    {
        public string Pharmacy = "";
        public List<Use> Uses = [];
    }

    public sealed class Use
    {
        public string Mac = "";
        public long Content, Taken;
        public bool Freed;
    }

    public sealed class Dispute
    {
        public string Id = "", Organisation = "", Names = "";
        public bool ByPatient;
        public long Until;
    }

    public sealed class Consent
    {
        public string Grantee = "";
        public uint Purpose;
        public long Until;
    }

    public sealed class Person
    {
        public Profession Profession;
        public List<string> Work = [];
        public bool Suspended;
        public List<(string Id, long TimeMs)> Acts = [];
    }

    public sealed class Member
    {
        public List<Role> Roles = [];
        public string Successor = "";
        public bool Removed;
    }

    public sealed class SigningKey
    {
        public string Owner = "";
        public Custody Custody;
        public ulong From, Until = ulong.MaxValue;
    }
}
