using RxChain.Engine.Ports;
using RxChain.Ledger.Members;

namespace RxChain.Engine.Core;

/// <summary>
/// What a validator must hear after a start before it cosigns: answers from a quorum of the era, its own included, with the
/// largest head that its key ever cosigned. An old disk does not know that by itself.
/// </summary>
internal sealed class StartQuestion(long number, string self)
{
    private readonly HashSet<string> _answered = [self];
    private uint _answeredEra;

    /// <summary>Number of the question: one for each life.</summary>
    public long Number { get; } = number;

    /// <summary>The largest own head that anybody showed.</summary>
    public CosignedHead Largest { get; private set; }

    public void Answer(string sender, CosignedHead yours)
    {
        _answered.Add(sender);
        if (yours.Size > Largest.Size)
            Largest = yours;
    }

    public bool IsAnsweredBy(ValidatorSet era)
    {
        if (_answeredEra != era.Number && era.IsQuorum(era.Names.Where(_answered.Contains)))
            _answeredEra = era.Number;
        return _answeredEra == era.Number;
    }
}
