using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using Xunit.Sdk;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>Runs one history through contract and model side by side.</summary>
internal sealed class HistoryRun(Settings settings, Tally tally)
{
    private static readonly (string Gone, string Successor)[] Removals =
    [
        ("hospital-2", "hospital"), ("pharmacy-b", "pharmacy-a"), (World.Insurer, "insurer-2"), ("clinic", "hospital-2"),
    ];

    private static readonly string[] Revoked = [World.Insurer, "pharmacist-b", "hospital-2"];

    private static readonly ByteString[] AllSlots = [.. Enumerable.Range(0, ActBuilder.Slots).Select(ActBuilder.SlotId)];

    private readonly Network network = new(settings);
    private readonly HashSet<string> accepted = [];
    private readonly Accounts accounts = new();
    private Event? lastLifecycleAct;

    public World World => network.World;

    public NaiveModel Model => network.Model;

    /// <summary>Runs every step, compares and checks after each. Fails with the step and the event.</summary>
    public void Run(History history)
    {
        for (int i = 0; i < history.Steps.Length; i++)
        {
            Step step = history.Steps[i];
            World.Now = Waits.After(World.Now, step.Wait, Model.Moments());
            Model.Tick(World.Now);
            Event? e = null;
            try
            {
                e = Next(step);
                if (e is not null) Do(e, step);
                Check(e, everything: step.Wait > 0 || i == history.Steps.Length - 1);
            }
            catch (XunitException difference)
            {
                Assert.Fail($"step {i}, {step}: {difference.Message}: {e}");
            }
        }
    }

    /// <summary>Looks at what the event touched, or at everything when time has passed.</summary>
    private void Check(Event? e, bool everything)
    {
        ByteString[] ids = everything ? AllSlots : e is null ? [] : [.. ActKinds.Prescriptions(e)];
        Comparison.Check(World, Model, ids);
        if (everything || e?.Reverse is not null) Comparison.CheckPacks(World, Model);
        Invariants.Check(World, accounts, ids);
    }

    /// <summary>The event of this step, or null when it is none or a duplicate of an accepted side act.</summary>
    private Event? Next(Step step)
    {
        if (ChangeNetwork(step)) return null;
        if (step.Kind == StepKind.Again && lastLifecycleAct is not null) return lastLifecycleAct;
        Event e = new ActBuilder(World).Build(step.Kind == StepKind.Again ? step with { Kind = StepKind.Next } : step);
        Spoiler.Spoil(e, step, World);
        return IsSide(e) && accepted.Contains(IdOf(e)) ? null : e;
    }

    private void Do(Event e, Step step)
    {
        bool statementValid = step.Wrong != Spoiler.StatementInvalid;
        string id = IdOf(e);
        Outcome expected = Model.Apply(e, id, statementValid, World.Now, World.Leaf);
        Outcome actual = World.Do(e, statementValid);
        if (expected != actual) Assert.Fail($"model {expected}, contract {actual}");
        tally.Count(e, actual);
        if (actual != Outcome.Accepted) return;
        accepted.Add(id);
        accounts.Accepted(e);
        if (!IsSide(e) && !e.PrescriptionId.IsEmpty) lastLifecycleAct = e;
    }

    private static bool IsSide(Event e) => (int)e.ActCase is >= 40 and < 60;

    private static string IdOf(Event e) => Convert.ToBase64String(SHA256.HashData(e.ToByteArray()));

    private bool ChangeNetwork(Step step)
    {
        if (step.Kind == StepKind.ExchangePackKey) network.ExchangePackKey();
        else if (step.Kind == StepKind.RevokeKey) network.Revoke(Revoked[step.N % 3]);
        else if (step.Kind == StepKind.RemoveMember) network.Remove(Removals[step.N % 4].Gone, Removals[step.N % 4].Successor);
        else return false;
        return true;
    }
}
