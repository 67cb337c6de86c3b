using RxChain.Engine.Ports;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>
/// Report, then cosign (DESIGN section 5). Each flushed head is reported; the validator whose turn it is names a size;
/// a head is cosigned once a quorum of the era that rules it reported it, and never below the last one; it is final with a
/// quorum of cosignatures. An era's last head comes first: nothing beyond it is cosigned or made final before it is final.
/// Messages may be lost: what matters is said again with each turn.
/// </summary>
internal sealed partial class Finality
{
    private const int IdleTurns = 8;
    private const int MaxRepeatedHeads = 32;

    // Ten seconds without a final head: longer than an election of the ordering's leader.
    private const int StalledTurns = 20;

    private readonly string _network;
    private readonly ValidatorIdentity? _self;
    private readonly LogSigner? _log;
    private readonly Eras _eras;
    private readonly PendingHeads _heads;
    private readonly HeadReports _reports;
    private readonly Cosignatures _cosignatures;
    private readonly StartQuestion? _question;
    private readonly Accusations _accusations;
    private readonly Dictionary<uint, SignedCheckpoint> _eraEnds;
    private readonly Dictionary<string, long> _named = [];
    private readonly Turns _turns = new();
    private long _namedInTurn = -1;
    private int _waitedTurns;
    private bool _saving;
    private HeadCosigned? _own;

    public Finality(string network, ValidatorIdentity? self, Eras eras, CoreMemory memory)
    {
        (_network, _self, _eras) = (network, self, eras);
        if (self is not null)
            (_log, _question) = (new LogSigner(network, self.LogKey), new StartQuestion(memory.Question, self.Name));
        _heads = new PendingHeads(memory.Tree);
        _reports = new HeadReports(network);
        _cosignatures = new Cosignatures(network);
        foreach (var kept in memory.Cosignatures)
            Remember(kept);
        _accusations = new Accusations(_heads, _cosignatures, memory.Evidence);
        _eraEnds = new(memory.EraEnds);
        (Final, LastCosigned, Halt) = (memory.Final, memory.LastCosigned, memory.Halt);
    }

    /// <summary>The last final checkpoint.</summary>
    public SignedCheckpoint? Final { get; private set; }

    public long FinalSize => Final?.Checkpoint.Size ?? 0;

    public CosignedHead LastCosigned { get; private set; }

    /// <summary>Why this node takes no more writes, or null.</summary>
    public Halt? Halt { get; private set; }

    // The era that rules the next final head.
    private ValidatorSet Era => _eras.At(FinalSize + 1);

    // Nothing beyond is cosigned or made final now.
    private long Ceiling => Math.Min(_heads.DurableSize, _eras.EndOf(Era));

    /// <summary>A block was applied: its head may be reported once it is durable. Its era, if it begins one, is known already.</summary>
    public void Applied(CosignedHead head, ulong epoch)
    {
        _reports.Epoch = epoch;
        _heads.Add(head, _eras.EndOf(_eras.At(head.Size)) == head.Size);
    }

    public void Flushed(long size, List<EngineEffect> effects)
    {
        var flushed = _heads.Descending(Math.Max(_heads.DurableSize, FinalSize), size).Reverse().ToList();
        _heads.DurableSize = Math.Max(_heads.DurableSize, size);
        foreach (var head in flushed)
            CompareWithPeers(head, effects);
        Report(flushed, effects);
        MakeFinal(effects);
        Progress(effects);
    }

    public void Tick(long nowMs, List<EngineEffect> effects)
    {
        bool first = _turns.NowMs == 0;
        if (_turns.Tick(nowMs))
            Repeat(effects);
        else if (first)
            Ask(effects);
        Progress(effects);
    }

    public void Saved(CosignedHead head, List<EngineEffect> effects)
    {
        _saving = false;
        LastCosigned = head;
        if (Halt is null)
            Cosign(head, effects);
        Progress(effects);
    }

    /// <summary>No more writes. A divergence counts more than a lost ordering.</summary>
    public void Stop(HaltKind kind, string reason, List<EngineEffect> effects)
    {
        if (Halt is not null && Halt.Kind <= kind)
            return;
        Halt = new Halt(kind, reason);
        effects.Add(new HaltNode(Halt));
        effects.Add(new RaiseAlarm(reason));
    }

    // A validator speaks under an era that has its name with its keys.
    private bool Speaks(ValidatorSet era) => _self is not null
        && era.NodeKey(_self.Name) is { } node && node.Equals(_self.NodeKey.PublicKey)
        && era.Cosigner(_self.Name)!.PublicKey.Equals(_self.CosignerKey.PublicKey);

    // Also after a divergence: what this node has is how the others learn that it will not cosign with them.
    private void Report(IReadOnlyList<CosignedHead> heads, List<EngineEffect> effects)
    {
        foreach (var ofEra in heads.GroupBy(h => _eras.At(h.Size)).Where(g => Speaks(g.Key)))
        {
            var report = new HeadReport(_self!.Name, _reports.Epoch, [], default);
            if (ofEra.Key.Names.Count > 1)
                effects.Add(new SendToPeers(report = _reports.Sign(_self.Name, [.. ofEra], _self.NodeKey)));
            foreach (var head in ofEra)
                _reports.Add(_self.NodeKey.PublicKey, head, report, _eras.EndOf(Era));
        }
    }

    // Whoever lacks a report gets it again while nothing becomes final, and whoever lacks a cosignature now and then.
    private void Repeat(List<EngineEffect> effects)
    {
        bool waiting = _heads.DurableSize > FinalSize;
        if (waiting || !IsAnswered)
            Ask(effects);
        Report([.. _heads.Descending(FinalSize, Ceiling).Take(MaxRepeatedHeads).Reverse()], effects);
        if (_own is not null && Halt is null && Era.Names.Count > 1 && (waiting || _turns.Number % IdleTurns == 0))
            effects.Add(new SendToPeers(_own));
        _waitedTurns = waiting ? _waitedTurns + 1 : 0;
        if (_waitedTurns % StalledTurns == StalledTurns - 1 && Halt is null && Speaks(Era))
            TellWhoIsMissing(effects);
    }

    // Without them there is no quorum. Nobody is accused: they may be down, cut off, halted, or have another log.
    private void TellWhoIsMissing(List<EngineEffect> effects)
    {
        var era = Era;
        var heads = _heads.Descending(FinalSize, Ceiling).ToList();
        var silent = era.Names.Where(name => !heads.Exists(h => _reports.Find(era.NodeKey(name)!, h.Size) == h.Root)).ToList();
        var unsigned = era.Names.Where(name => !_cosignatures.Of(era.Cosigner(name)!).Exists(c => heads.Contains(c.Head))).ToList();
        if (!era.IsQuorum(era.Names.Except(silent)))
            effects.Add(new RaiseAlarm($"nothing becomes final: no head of this log is reported by {string.Join(", ", silent)}"));
        else if (!era.IsQuorum(era.Names.Except(unsigned)))
            effects.Add(new RaiseAlarm($"nothing becomes final: no head of this log is cosigned by {string.Join(", ", unsigned)}"));
    }

    private void Progress(List<EngineEffect> effects)
    {
        var era = Era;
        if (Halt?.Kind == HaltKind.Diverged || !Speaks(era) || !MayCosign(era, effects))
            return;
        NameIfMyTurn(_self!, era, effects);
        CosignNamed(_self!, era, effects);
    }

    private void NameIfMyTurn(ValidatorIdentity me, ValidatorSet era, List<EngineEffect> effects)
    {
        if (!_turns.IsOf(me.Name, era, FinalSize))
            return;
        long last = Math.Max(LastCosigned.Size, _named.GetValueOrDefault(me.Name));
        long floor = Math.Max(FinalSize, _namedInTurn == _turns.Number ? last : last - 1);
        var agreed = _heads.Descending(floor, Ceiling).FirstOrDefault(head => _reports.QuorumAgrees(era, me.Name, head));
        if (agreed.Size == 0)
            return;
        (_named[me.Name], _namedInTurn) = (agreed.Size, _turns.Number);
        if (era.Names.Count > 1)
            effects.Add(new SendToPeers(new SizeNamed(me.Name, agreed.Size)));
    }

    private void CosignNamed(ValidatorIdentity me, ValidatorSet era, List<EngineEffect> effects)
    {
        long floor = Math.Max(FinalSize, LastCosigned.Size - (_own is null ? 1 : 0)), ceiling = Ceiling;
        if (_saving || _named.Count == 0)
            return;
        var head = era.Names.Select(name => _named.GetValueOrDefault(name)).Where(size => size > floor && size <= ceiling)
            .Distinct().OrderDescending()
            .Select(size => new CosignedHead(size, _heads.Find(size) ?? default))
            .FirstOrDefault(head => _reports.QuorumAgrees(era, me.Name, head));
        if (head.Size > LastCosigned.Size)
            Save(head, effects);
        else if (head.Size > 0 && head == LastCosigned)
        {
            // The same head once more, after a start: it is durable already.
            Cosign(head, effects);
        }
    }

    private void Save(CosignedHead head, List<EngineEffect> effects)
    {
        _saving = true;
        effects.Add(new SaveCosignedHead(head));
    }

    private void Cosign(CosignedHead head, List<EngineEffect> effects)
    {
        var era = _eras.At(head.Size);
        if (!Speaks(era))
            return;
        _own = _cosignatures.Sign(_self!, head, _turns.NowMs);
        if (era.Names.Count > 1)
            effects.Add(new SendToPeers(_own));
        _cosignatures.Add(era.Cosigner(_self!.Name)!, _own);
        MakeFinal(effects);
    }
}
