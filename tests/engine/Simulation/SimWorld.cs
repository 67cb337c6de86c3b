using RxChain.Engine.Core;
using RxChain.Engine.Tests.Node;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Testing;

namespace RxChain.Engine.Tests.Simulation;

/// <summary>
/// Four members, one order, a network that loses messages and a clock, all driven by one seed on one thread: faults first,
/// then a time without, after which everybody must be at one and final.
/// </summary>
internal sealed class SimWorld
{
    private const int MaxHealingSteps = 30_000;

    private readonly Random _random;
    private readonly List<Action> _acts = [];
    private readonly List<(SimNode To, PeerMessage Message)> _messages = [];
    private readonly SimClients _clients;
    private int? _crashAt;
    private long _jumpMs;

    public SimWorld(SimOptions options)
    {
        Options = options;
        _random = new Random(options.Seed);
        Nodes = [.. FixedNetwork.Validators.Select((name, i) => new SimNode(this, i, name))];
        _clients = new SimClients(this, _random);
        _crashAt = options.CrashAt ?? NextCrash();
    }

    public SimOptions Options { get; }

    public SimNode[] Nodes { get; }

    public SimOrder Order { get; } = new();

    public SimWatch Watch { get; } = new();

    public long NowMs { get; private set; } = FixedNetwork.CreatedMs + 60_000;

    /// <summary>No more faults.</summary>
    public bool Healing { get; private set; }

    /// <summary>Places at which the power could have gone so far.</summary>
    public int Points { get; private set; }

    public int Crashes { get; private set; }

    public int Steps { get; private set; }

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
        for (int steps = 0; !IsConverged(); steps++)
        {
            if (steps == MaxHealingSteps)
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

    public void Send(SimNode from, PeerMessage message)
    {
        foreach (var to in Nodes)
        {
            if (to == from || (!Healing && IsLost(from, to)))
                continue;
            _messages.Add((to, message));
            if (!Healing && _random.NextDouble() < Options.DuplicateRate)
                _messages.Add((to, message));
        }
    }

    public void SendTo(string peer, PeerMessage message)
    {
        var to = Nodes.First(n => n.Name == peer);
        if (Healing || !IsLost(Nodes.First(n => n.Name == message.Sender), to))
            _messages.Add((to, message));
    }

    public long NextQuestion() => _random.NextInt64();

    private bool IsLost(SimNode from, SimNode to) =>
        from.Index == Options.Isolated || to.Index == Options.Isolated || _random.NextDouble() < Options.DropRate;

    private int? NextCrash() =>
        Options.PointsPerCrash == 0 || Options.CrashAt is not null ? null : Points + _random.Next(2 * Options.PointsPerCrash);

    private void Act()
    {
        Steps++;
        NowMs += _random.Next(4);
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
            foreach (var (name, identity) in SimEvents.Identities)
                to.Receive(new HeadReports(FixedNetwork.Origin).Sign(name, report.Heads, identity.NodeKey));
        }
    }

    private bool IsConverged() =>
        Nodes.All(n => n.IsIdle && n.FinalSize == n.Executor.Head.Size) && Nodes.Select(n => n.Executor.Head.Size).Distinct().Count() == 1;

    private string Describe() => string.Join("; ", Nodes.Select(n => n.IsUp
        ? $"{n.Name}: size {n.Executor.Head.Size}, durable {n.Log.DurableSize}, final {n.FinalSize}" : $"{n.Name}: down"));
}
