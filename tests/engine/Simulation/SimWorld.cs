using RxChain.Engine.Core;
using RxChain.Engine.Tests.Node;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>
/// Members, one order, a network that loses messages and a clock, all driven by one seed on one thread: faults first,
/// then a time without, after which everybody must be at one and final.
/// </summary>
internal sealed class SimWorld
{
    private const int MaxHealingSteps = 30_000;

    private readonly Random _random;
    private readonly List<Action> _acts = [];
    private readonly List<(ISimMember To, PeerMessage Message)> _messages = [];
    private readonly SimClients _clients;
    private int? _crashAt;
    private long _jumpMs;

    public SimWorld(SimOptions options)
    {
        Options = options;
        _random = new Random(options.Seed);
        Network = SimNetwork.Of(options.Validators);
        int honest = options.Validators - options.Byzantine;
        var names = Network.Names.Take(honest).Concat(options.Changes.Contains(SimChangeKind.Begin) ? [SimChange.Beginning] : []);
        Nodes = [.. names.Select((name, i) => new SimNode(this, i, name))];
        Liars = [.. Network.Names.Skip(honest).Select(name => new SimLiar(this, name, _random))];
        Watch = new SimWatch(this);
        _clients = new SimClients(this, _random);
        _crashAt = options.CrashAt ?? NextCrash();
    }

    public SimOptions Options { get; }

    public SimNode[] Nodes { get; }

    public SimOrder Order { get; } = new();

    public SimWatch Watch { get; }

    public SimNetwork Network { get; }

    /// <summary>Validators that lie.</summary>
    public IReadOnlyList<SimLiar> Liars { get; }

    public long NowMs { get; private set; } = FixedNetwork.CreatedMs + 60_000;

    /// <summary>No more faults.</summary>
    public bool Healing { get; private set; }

    /// <summary>Places at which the power could have gone so far.</summary>
    public int Points { get; private set; }

    public int Crashes { get; private set; }

    public int Steps { get; private set; }

    /// <summary>Steps from the last fault until all were at one.</summary>
    public int HealingSteps { get; private set; }

    public long ClockOf(SimNode node) => NowMs + (node.Index == Options.ClockJumper ? _jumpMs : 0);

    public void Run()
    {
        foreach (var node in Nodes)
            node.Start();
        while (Order.Count < Options.Puts)
            Act();
        for (int i = _random.Next(60); i > 0; i--)
            Act();
        Healing = true;
        for (; !IsConverged(); HealingSteps++)
        {
            if (HealingSteps == MaxHealingSteps)
                throw new SimViolationException("not at one and final long after the last fault: " + Describe());
            Act();
        }
        Watch.Ended(Nodes);
    }

    /// <summary>A place at which the power may go.</summary>
    public void Point()
    {
        if (Points++ != _crashAt || (Healing && Options.CrashAt is null))
            return;
        _crashAt = null;
        throw new PowerLossException();
    }

    public void PowerFails(SimNode node)
    {
        Crashes++;
        foreach (var other in Nodes)
        {
            if (other == node || Options.CrashAll || (Options.CrashAt is null && _random.Next(8) == 0))
                other.LosePower(Options.Survival ?? (Unflushed)_random.Next(3), _random);
        }
        _crashAt ??= NextCrash();
    }

    public void Send(ISimMember from, PeerMessage message)
    {
        foreach (var to in Nodes.Concat<ISimMember>(Liars))
        {
            if (to != from)
                SendTo(to, message);
        }
    }

    public void SendTo(string peer, PeerMessage message) =>
        SendTo(Nodes.Concat<ISimMember>(Liars).First(n => n.Name == peer), message);

    private void SendTo(ISimMember to, PeerMessage message)
    {
        if (!Healing && IsLost(message.Sender, to.Name))
            return;
        _messages.Add((to, message));
        if (!Healing && _random.NextDouble() < Options.DuplicateRate)
            _messages.Add((to, message));
    }

    public long NextQuestion() => _random.NextInt64();

    private bool IsLost(string from, string to)
    {
        string? isolated = Options.Isolated >= 0 ? Network.Names[Options.Isolated] : null;
        return from == isolated || to == isolated || _random.NextDouble() < Options.DropRate;
    }

    private int? NextCrash() =>
        Options.PointsPerCrash == 0 || Options.CrashAt is not null ? null : Points + _random.Next(2 * Options.PointsPerCrash);

    private void Act()
    {
        Steps++;
        // All members together do one thing in this time. Seven that repeat what was lost with each turn need half a
        // millisecond: with more their messages pile up, which is a fault of its own, and over when faults are.
        NowMs += _random.Next(Healing ? 2 : 5);
        _acts.Clear();
        foreach (var node in Nodes)
        {
            if (node.IsUp)
                node.AddActs(_acts, _random);
            else if (Healing || _random.Next(10) == 0)
                _acts.Add(node.Start);
        }
        if (_messages.Count > 0)
            _acts.AddRange(Enumerable.Repeat(Deliver, Math.Min(4, _messages.Count)));
        if (!Healing && Order.Count < Options.Puts && _random.Next(6) == 0)
            _acts.Add(_clients.Put);
        foreach (var liar in Liars)
        {
            if (_random.Next(8) == 0)
                _acts.Add(liar.Lie);
        }
        if (!Healing && Options.OldDisk >= 0 && _random.Next(50) == 0)
            _acts.Add(_random.Next(2) == 0 ? Nodes[Options.OldDisk].CopyDisk : Nodes[Options.OldDisk].RestoreOldDisk);
        if (Healing && Options.OtherFace != 0 && _random.Next(200) == 0)
            _acts.Add(_clients.Put);
        if (!Healing && Options.ClockJumper >= 0 && _random.Next(40) == 0)
            _acts.Add(() => _jumpMs = _random.Next(-2, 3) * _random.Next(3_600_000));
        if (_acts.Count == 0)
            NowMs += 20;
        else
            _acts[_random.Next(_acts.Count)]();
    }

    private void Deliver()
    {
        int which = _random.Next(_messages.Count);
        var (to, message) = _messages[which];
        _messages[which] = _messages[^1];
        _messages.RemoveAt(_messages.Count - 1);
        to.Receive(message);
        if (Options.BelieveOneReport && message is HeadReport report)
        {
            foreach (string name in Network.Names)
                to.Receive(new HeadReports(FixedNetwork.Origin).Sign(name, report.Heads, SimNetwork.Identity(name, name).NodeKey));
        }
    }

    // An order with two faces makes those halt that see it, or tells their operators who has another log, or that there is no quorum.
    private bool IsConverged() => Options.OtherFace == 0
        ? Nodes.All(n => n.IsIdle && n.FinalSize == n.Executor.Head.Size) && Nodes.Select(n => n.Executor.Head.Size).Distinct().Count() == 1
        : Nodes.All(n => n.IsUp && (n.Halt is not null || n.HasAlarmed || (n.HasNoQuorum && !HasQuorum(n)) || (n.IsIdle && n.FinalSize == n.Executor.Head.Size)));

    // Of members that go on and have its log.
    private bool HasQuorum(SimNode node)
    {
        var era = ValidatorSet.At(node.Executor.State, node.FinalSize + 1);
        return era.IsQuorum(era.Names.Where(name => Nodes.Any(n => n.Name == name && n.Halt is null && n.SeesOtherFace == node.SeesOtherFace)));
    }

    private string Describe() => string.Join("; ", Nodes.Select(n => n.IsUp
        ? $"{n.Name}: size {n.Executor.Head.Size}, durable {n.Log.DurableSize}, final {n.FinalSize}, {(n.HasAlarmed ? "alarmed" : "not alarmed")}, {n.Halt?.Kind.ToString() ?? "not halted"}" : $"{n.Name}: down"));
}
