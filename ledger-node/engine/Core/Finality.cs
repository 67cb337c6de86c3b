using RxChain.Engine.Ports;
using RxChain.Ledger.Members;

namespace RxChain.Engine.Core;

/// <summary>
/// Report, then cosign (DESIGN section 5). Each flushed head is reported; the validator whose turn it is names a size;
/// a head is cosigned once a quorum reported it, and never below the last one; it is final with a quorum of cosignatures.
/// Messages may be lost: what matters is said again with each turn.
/// </summary>
internal sealed class Finality(string network, ValidatorIdentity? self, ValidatorSet validators, CosignedHead lastCosigned, long finalSize)
{
    private const int IdleTurns = 8;
    private const int MaxRepeatedHeads = 32;

    private readonly HeadReports _reports = new(validators);
    private readonly Cosignatures _cosignatures = new(network, validators);
    private readonly PendingHeads _heads = new();
    private readonly Turns _turns = new(validators);
    private readonly Dictionary<string, long> _named = [];
    private long _durableSize;
    private long _namedInTurn = -1;
    private bool _saving;
    private HeadCosigned? _own;

    public long FinalSize { get; private set; } = finalSize;

    public CosignedHead LastCosigned { get; private set; } = lastCosigned;

    /// <summary>A block was applied: its head may be reported once it is durable.</summary>
    public void Applied(CosignedHead head) => _heads.Add(head);

    public void Flushed(long size, List<EngineEffect> effects)
    {
        var flushed = _heads.Descending(Math.Max(_durableSize, FinalSize), size).Reverse().ToList();
        _durableSize = Math.Max(_durableSize, size);
        foreach (var head in flushed)
            CompareWithPeers(head, effects);
        Report(flushed, effects);
        MakeFinal(effects);
        Progress(effects);
    }

    public void Tick(long nowMs, List<EngineEffect> effects)
    {
        if (_turns.Tick(nowMs))
            Repeat(effects);
        Progress(effects);
    }

    public void Receive(PeerMessage message, List<EngineEffect> effects)
    {
        switch (message)
        {
            case HeadReport report when _reports.IsAuthentic(network, report):
                foreach (var head in report.Heads)
                    TakeReport(report.Sender, head, effects);
                break;
            case SizeNamed named when validators.Cosigner(named.Sender) is not null:
                // Each validator's word replaces only its own last: a name that no log has holds up nobody.
                _named[named.Sender] = named.Size;
                break;
            case HeadCosigned cosigned:
                TakeCosignature(cosigned, effects);
                break;
            default:
                effects.Add(new RaiseAlarm($"peer {message.Sender}: a message that is not signed by a validator was dropped"));
                break;
        }
        Progress(effects);
    }

    public void Saved(CosignedHead head, List<EngineEffect> effects)
    {
        _saving = false;
        LastCosigned = head;
        Cosign(head, effects);
        Progress(effects);
    }

    private bool HasPeers => validators.Names.Count > 1;

    private void Report(List<CosignedHead> heads, List<EngineEffect> effects)
    {
        if (self is null || heads.Count == 0)
            return;
        foreach (var head in heads)
            _reports.Add(self.Name, head);
        if (HasPeers)
            effects.Add(new SendToPeers(HeadReports.Sign(network, self.Name, heads, self.NodeKey)));
    }

    // Whoever lacks a report gets it again while nothing becomes final, and whoever lacks a cosignature now and then.
    private void Repeat(List<EngineEffect> effects)
    {
        if (!HasPeers)
            return;
        Report([.. _heads.Descending(FinalSize, _durableSize).Take(MaxRepeatedHeads).Reverse()], effects);
        if (self is null || LastCosigned.Size == 0 || (_durableSize <= FinalSize && _turns.Number % IdleTurns != 0))
            return;
        if (_own is null)
            Cosign(LastCosigned, effects);
        else
            effects.Add(new SendToPeers(_own));
    }

    private void TakeReport(string sender, CosignedHead head, List<EngineEffect> effects)
    {
        if (head.Size <= FinalSize || _reports.Find(sender, head.Size) == head.Root)
            return;
        _reports.Add(sender, head);
        if (_heads.Find(head.Size) is { } own && own != head.Root)
            effects.Add(HeadReports.SplitView(sender, head, own));
    }

    private void CompareWithPeers(CosignedHead own, List<EngineEffect> effects)
    {
        foreach (string name in validators.Names)
        {
            if (_reports.Find(name, own.Size) is { } root && root != own.Root)
                effects.Add(HeadReports.SplitView(name, new CosignedHead(own.Size, root), own.Root));
        }
    }

    private void TakeCosignature(HeadCosigned cosigned, List<EngineEffect> effects)
    {
        if (cosigned.Head.Size <= FinalSize)
            return;
        if (_cosignatures.Take(cosigned) is { } fault)
            effects.Add(new RaiseAlarm($"peer {cosigned.Sender}, cosignature of size {cosigned.Head.Size}: {fault}"));
        else
            MakeFinal(effects);
    }

    private void Progress(List<EngineEffect> effects)
    {
        if (self is null)
            return;
        NameIfMyTurn(self, effects);
        CosignNamed(self, effects);
    }

    private void NameIfMyTurn(ValidatorIdentity me, List<EngineEffect> effects)
    {
        if (!_turns.IsOf(me.Name, FinalSize))
            return;
        long last = Math.Max(LastCosigned.Size, _named.GetValueOrDefault(me.Name));
        long floor = Math.Max(FinalSize, _namedInTurn == _turns.Number ? last : last - 1);
        var agreed = _heads.Descending(floor, _durableSize).FirstOrDefault(head => _reports.QuorumAgrees(me.Name, head));
        if (agreed.Size == 0)
            return;
        (_named[me.Name], _namedInTurn) = (agreed.Size, _turns.Number);
        if (HasPeers)
            effects.Add(new SendToPeers(new SizeNamed(me.Name, agreed.Size)));
    }

    private void CosignNamed(ValidatorIdentity me, List<EngineEffect> effects)
    {
        long floor = Math.Max(FinalSize, LastCosigned.Size - (_own is null ? 1 : 0));
        if (_saving || _named.Count == 0)
            return;
        var head = _named.Values.Where(size => size > floor && size <= _durableSize).Distinct().OrderDescending()
            .Select(size => new CosignedHead(size, _heads.Find(size) ?? default))
            .FirstOrDefault(head => _reports.QuorumAgrees(me.Name, head));
        if (head.Size > LastCosigned.Size)
        {
            _saving = true;
            effects.Add(new SaveCosignedHead(head));
        }
        else if (head.Size > 0 && head == LastCosigned)
        {
            // The same head once more, after a start: it is durable already.
            Cosign(head, effects);
        }
    }

    private void Cosign(CosignedHead head, List<EngineEffect> effects)
    {
        _own = _cosignatures.Sign(self!, head, _turns.NowMs);
        if (HasPeers)
            effects.Add(new SendToPeers(_own));
        if (head.Size <= FinalSize)
            return;
        _cosignatures.Add(_own);
        MakeFinal(effects);
    }

    private void MakeFinal(List<EngineEffect> effects)
    {
        if (_cosignatures.FindFinal(h => h.Size > FinalSize && h.Size <= _durableSize && _heads.Find(h.Size) == h.Root) is not { } final)
            return;
        if (self is not null)
            effects.Add(new PublishFinal(_cosignatures.Publish(self, final.Head, final.Quorum)));
        FinalSize = final.Head.Size;
        _turns.Restart();
        _namedInTurn = -1;
        _reports.ForgetBelow(FinalSize);
        _heads.ForgetBelow(FinalSize);
        _cosignatures.ForgetUpTo(FinalSize);
    }
}
