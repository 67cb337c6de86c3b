using RxChain.Engine;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;
using ActCase = RxChain.Prescriptions.Events.Event.ActOneofCase;

namespace RxChain.GrpcApi.Reading;

/// <summary>What regulators are told about acts: the state has it beside each act, for good.</summary>
internal static class ActMarks
{
    private static readonly Mark[] All = [.. Enum.GetValues<Mark>().Where(mark => mark != Mark.Unspecified)];

    /// <summary>Adds the marks of an accepted act.</summary>
    public static void Add(ILedgerNode node, LedgerEvent e)
    {
        bool canHaveMarks = e.Outcome == Outcome.Accepted && e.Event.ActCase
            is ActCase.Claim or ActCase.RecordSupply or ActCase.EmergencySupply or ActCase.Reverse;
        if (!canHaveMarks)
            return;
        var acts = node.ReadState<RxChain.Prescriptions.State.Prescription>(EntityKind.Prescription, e.Event.PrescriptionId.Memory).Value?.Acts;
        uint marks = acts is not null && e.Event.Sequence <= acts.Count ? acts[(int)e.Event.Sequence - 1].Marks : 0;
        e.Marks.Add(All.Where(mark => (marks & (1u << ((int)mark - 1))) != 0));
    }
}
