using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Verdict = RxChain.Prescriptions.Events.Review.Types.Verdict;

namespace RxChain.Ledger.Tests.Contract;

/// <summary>Every state against every event. A cell is the status afterwards, or !refusal.</summary>
public class StateEventTests
{
    // Policy: one approval before Claim. A is pharmacy-a, B is pharmacy-b; both have the patient's token.
    // "pending": claimed by A, cancellation pending. "asked": Issued with an open query; "askedA": claimed by A
    // with one. "lapsed": A's claim timed out; "lapsedEx": and the window is past; "lapsedPen": and it was cancelled.
    private const string Unclaimed = """
        event      | none      | issued         | asked          | active              | lapsed              | expired
        issue      | Issued    | !AlreadyExists | !AlreadyExists | !AlreadyExists      | !AlreadyExists      | !AlreadyExists
        approve    | !NotFound | Active         | !QueryOpen     | !NotHolder          | !NotHolder          | !Expired
        query      | !NotFound | Issued         | !QueryOpen     | !NotHolder          | !NotHolder          | !Expired
        reject     | !NotFound | Rejected       | Rejected       | !NotHolder          | !NotHolder          | !Expired
        confirm    | !NotFound | !NoQuery       | Issued         | !NoQuery            | !NoQuery            | !Expired
        claimA     | !NotFound | !ReviewMissing | !ReviewMissing | Claimed             | Claimed             | !Expired
        claimB     | !NotFound | !ReviewMissing | !ReviewMissing | Claimed             | Claimed             | !Expired
        extend     | !NotFound | !NotHolder     | !NotHolder     | !NotHolder          | !NotHolder          | !Expired
        return     | !NotFound | !NotHolder     | !NotHolder     | !NotHolder          | !NotHolder          | !Expired
        dispense   | !NotFound | !NotHolder     | !NotHolder     | !NotHolder          | !NotHolder          | !Expired
        finish     | !NotFound | !NotHolder     | !NotHolder     | !NotHolder          | !NotHolder          | !Expired
        close      | !NotFound | !NotHolder     | !NotHolder     | !NotHolder          | !NotHolder          | !Expired
        cancel     | !NotFound | Cancelled      | Cancelled      | Cancelled           | Cancelled           | !Expired
        patient    | !NotFound | Cancelled      | Cancelled      | Cancelled           | Cancelled           | !Expired
        """;

    private const string Claimed = """
        event      | claimed             | pending              | askedA            | pastWindow
        issue      | !AlreadyExists      | !AlreadyExists       | !AlreadyExists    | !AlreadyExists
        approve    | Claimed             | !CancellationPending | !QueryOpen        | Claimed
        query      | Claimed             | !CancellationPending | !QueryOpen        | Claimed
        reject     | Active              | Cancelled            | Active            | Expired
        confirm    | !NoQuery            | !NoQuery             | Claimed           | !NoQuery
        claimA     | !WrongState         | !WrongState          | !WrongState       | !WrongState
        claimB     | !ClaimedByAnother   | !ClaimedByAnother    | !ClaimedByAnother | !ClaimedByAnother
        extend     | Claimed             | !CancellationPending | Claimed           | Claimed
        return     | Active              | Cancelled            | Active            | Expired
        dispense   | Claimed             | !CancellationPending | !QueryOpen        | Claimed
        finish     | Completed           | !CancellationPending | !QueryOpen        | Completed
        close      | Completed           | !CancellationPending | Completed         | Completed
        cancel     | Claimed             | !CancellationPending | Claimed           | Claimed
        patient    | !WrongState         | !WrongState          | !WrongState       | !WrongState
        """;

    private const string Finished = """
        event      | completed      | cancelled      | rejected       | lapsedEx       | lapsedPen
        issue      | !AlreadyExists | !AlreadyExists | !AlreadyExists | !AlreadyExists | !AlreadyExists
        approve    | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        query      | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        reject     | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        confirm    | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        claimA     | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        claimB     | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        extend     | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        return     | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        dispense   | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        finish     | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        close      | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        cancel     | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        patient    | !Completed     | !Cancelled     | !Rejected      | !Expired       | !Cancelled
        """;

    public static TheoryData<string, string, string> Cells => ParseTables(Unclaimed, Claimed, Finished);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Apply_EventInState_HasTheOutcomeOfTheTable(string state, string act, string expected)
    {
        World world = Reach(state);
        Outcome outcome = world.Do(EventOf(world, act));
        Assert.Equal(expected, outcome == Outcome.Accepted ? world.Status.ToString() : "!" + outcome);
    }

    private static Event EventOf(World world, string act) => act switch
    {
        "issue" => world.Issue(),
        "approve" => world.Review(Verdict.Approve),
        "query" => world.Review(Verdict.Query),
        "reject" => world.Review(Verdict.Reject),
        "confirm" => world.Confirm(),
        "claimA" => world.Claim("pharmacy-a"),
        "claimB" => world.Claim("pharmacy-b"),
        "extend" => world.Extend(),
        "return" => world.Return(),
        "dispense" => world.Dispense(4),
        "finish" => world.Dispense(10),
        "close" => world.Close(),
        "cancel" => world.Cancel(),
        "patient" => world.PatientCancel(),
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "unknown event"),
    };

    private static World Reach(string state)
    {
        var world = new World();
        world.Policy.ApprovalsBeforeClaim = 1;
        return state switch
        {
            "none" => world,
            "issued" => world.Done(world.Issue()),
            "asked" => Then(Reach("issued"), w => w.WardReview(Verdict.Query)),
            "rejected" => Then(Reach("issued"), w => w.WardReview(Verdict.Reject)),
            "active" => Then(Reach("issued"), w => w.WardReview(Verdict.Approve)),
            "expired" => Later(Reach("active"), World.Day),
            "cancelled" => Then(Reach("active"), w => w.Cancel()),
            "claimed" => Then(Reach("active"), w => w.Claim()),
            "pending" => Then(Reach("claimed"), w => w.Cancel()),
            "askedA" => Then(Reach("claimed"), w => w.Review(Verdict.Query)),
            "completed" => Then(Reach("claimed"), w => w.Dispense(10)),
            "lapsed" => Later(Reach("claimed"), 2 * World.Hour),
            "lapsedPen" => Later(Reach("pending"), 2 * World.Hour),
            "pastWindow" => Later(Then(Later(Reach("active"), World.Day - 1), w => w.Claim()), World.Hour),
            "lapsedEx" => Later(Reach("pastWindow"), World.Hour),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "unknown state"),
        };
    }

    private static World Then(World world, Func<World, Event> act) => world.Done(act(world));

    private static World Later(World world, long ms)
    {
        world.Now += ms;
        return world;
    }

    private static TheoryData<string, string, string> ParseTables(params string[] tables)
    {
        var cells = new TheoryData<string, string, string>();
        foreach (string table in tables)
        {
            string[][] rows = [.. table.Split('\n').Select(r => r.Split('|', StringSplitOptions.TrimEntries))];
            foreach (string[] row in rows.Skip(1))
                for (int i = 1; i < row.Length; i++) cells.Add(rows[0][i], row[0], row[i]);
        }
        return cells;
    }
}
