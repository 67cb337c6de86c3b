using RxChain.Engine.Ports;
using RxChain.Ledger;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>
/// Report, then cosign (DESIGN section 5). Each flushed head is reported; the validator whose turn it is names a size;
/// a head is cosigned once a quorum reported it, and never below the last one; it is final with a quorum of cosignatures.
/// </summary>
internal sealed class Finality(string network, ValidatorIdentity? self, ValidatorSet validators, CosignedHead lastCosigned, long finalSize)
{
    /// <summary>A validator whose turn it is has so long to make a head final before the next one tries.</summary>
    public const long TurnMs = 500;

    private readonly HeadReports _reports = new(validators);
    private readonly SortedDictionary<long, Hash32> _heads = [];
    private readonly Dictionary<string, HeadCosigned> _cosignatures = [];
    private readonly List<CosignedHead> _unreported = [];
    private long _durableSize;
    private long _named;
    private bool _saving;
    private long _nowMs;
    private long _turnSinceMs;

    public long FinalSize { get; private set; } = finalSize;

    public CosignedHead LastCosigned { get; private set; } = lastCosigned;

    /// <summary>A block was applied: its head may be reported once it is durable.</summary>
    public void Applied(CosignedHead head) => _heads[head.Size] = head.Root;

    public void Flushed(long size, List<EngineEffect> effects)
    {
        foreach (var (headSize, root) in _heads)
        {
            if (headSize > _durableSize && headSize <= size)
                _unreported.Add(new CosignedHead(headSize, root));
        }
        _durableSize = Math.Max(_durableSize, size);
        Report(effects);
        Progress(effects);
    }

    public void Tick(long nowMs, List<EngineEffect> effects)
    {
        _nowMs = nowMs;
        if (_turnSinceMs == 0)
            _turnSinceMs = nowMs;
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
                if (IsTurnOf(named.Sender))
                    _named = Math.Max(_named, named.Size);
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
        SendCosignature(head, effects);
        Progress(effects);
    }

    private Checkpoint CheckpointOf(CosignedHead head) => new(network, head.Size, head.Root);

    private void Report(List<EngineEffect> effects)
    {
        if (self is null || _unreported.Count == 0)
            return;
        foreach (var head in _unreported)
            TakeReport(self.Name, head, effects);
        if (validators.Names.Count > 1)
            effects.Add(new SendToPeers(HeadReports.Sign(network, self.Name, [.. _unreported], self.NodeKey)));
        _unreported.Clear();
    }

    private void TakeReport(string sender, CosignedHead head, List<EngineEffect> effects)
    {
        if (head.Size <= FinalSize)
            return;
        _reports.Add(sender, head);
        if (_heads.TryGetValue(head.Size, out var own) && own != head.Root)
        {
            effects.Add(new RaiseAlarm(
                $"split view: {sender} reports size {head.Size} root {head.Root}, this node has root {own}. Compare both logs with rxaudit."));
        }
    }

    private void TakeCosignature(HeadCosigned cosigned, List<EngineEffect> effects)
    {
        var key = validators.Cosigner(cosigned.Sender);
        if (cosigned.Head.Size <= FinalSize)
            return;
        if (key is null || NoteVerifier.VerifyLine(key, System.Text.Encoding.UTF8.GetBytes(CheckpointOf(cosigned.Head).ToString()), cosigned.Signature) is null)
        {
            effects.Add(new RaiseAlarm($"peer {cosigned.Sender}: a cosignature of size {cosigned.Head.Size} does not verify"));
            return;
        }
        if (!_cosignatures.TryGetValue(cosigned.Sender, out var known) || known.Head.Size < cosigned.Head.Size)
            _cosignatures[cosigned.Sender] = cosigned;
    }

    private void Progress(List<EngineEffect> effects)
    {
        NameIfMyTurn(effects);
        CosignNamed(effects);
        MakeFinal(effects);
    }

    // The turn follows from what all know, the last final size, and moves on with time when nothing becomes final.
    private bool IsTurnOf(string name)
    {
        long turns = Math.Max(0, _nowMs - _turnSinceMs) / TurnMs;
        long place = (FinalSize + turns) % validators.Names.Count;
        return validators.Names[(int)place] == name;
    }

    private void NameIfMyTurn(List<EngineEffect> effects)
    {
        if (self is null || !IsTurnOf(self.Name))
            return;
        long size = LargestAgreed();
        if (size <= _named || size < LastCosigned.Size)
            return;
        _named = size;
        if (validators.Names.Count > 1)
            effects.Add(new SendToPeers(new SizeNamed(self.Name, size)));
    }

    private long LargestAgreed()
    {
        foreach (var (size, root) in _heads.Reverse())
        {
            if (size <= FinalSize)
                break;
            if (size <= _durableSize && _reports.QuorumAgrees(self!.Name, new CosignedHead(size, root)))
                return size;
        }
        return 0;
    }

    private void CosignNamed(List<EngineEffect> effects)
    {
        if (self is null || _saving || _named <= FinalSize || _named < LastCosigned.Size || _named > _durableSize)
            return;
        if (!_heads.TryGetValue(_named, out var root) || HasCosigned(_named))
            return;
        var head = new CosignedHead(_named, root);
        bool again = head.Size == LastCosigned.Size;
        if ((again && head != LastCosigned) || !_reports.QuorumAgrees(self.Name, head))
            return;
        // The same head once more, after a start: it is durable already.
        if (again)
        {
            SendCosignature(head, effects);
            return;
        }
        _saving = true;
        effects.Add(new SaveCosignedHead(head));
    }

    private bool HasCosigned(long size) => _cosignatures.TryGetValue(self!.Name, out var own) && own.Head.Size == size;

    private void SendCosignature(CosignedHead head, List<EngineEffect> effects)
    {
        var signature = new Cosigner(self!.Name, self.CosignerKey).Sign(CheckpointOf(head), _nowMs / 1000);
        var cosigned = new HeadCosigned(self.Name, head, signature);
        if (validators.Names.Count > 1)
            effects.Add(new SendToPeers(cosigned));
        _cosignatures[self.Name] = cosigned;
    }

    private void MakeFinal(List<EngineEffect> effects)
    {
        foreach (var (size, root) in _heads.Reverse())
        {
            if (size <= FinalSize)
                return;
            var head = new CosignedHead(size, root);
            var cosigned = _cosignatures.Values.Where(c => c.Head == head).ToDictionary(c => validators.Cosigner(c.Sender)!);
            if (size > _durableSize || !validators.Quorum.TrySelectQuorum(cosigned.Keys, out var selected))
                continue;
            if (self is not null)
                effects.Add(new PublishFinal(Sign(head, selected.Select(k => cosigned[k].Signature))));
            Finalise(size);
            return;
        }
    }

    private SignedCheckpoint Sign(CosignedHead head, IEnumerable<NoteSignature> cosignatures)
    {
        var checkpoint = CheckpointOf(head);
        var log = new LogSigner(network, self!.LogKey).Sign(checkpoint.ToString());
        return new SignedCheckpoint(checkpoint, cosignatures.Prepend(log));
    }

    private void Finalise(long size)
    {
        FinalSize = size;
        _turnSinceMs = _nowMs;
        _reports.ForgetBelow(size);
        while (_heads.Count > 0 && _heads.Keys.First() is var first && first < size)
            _heads.Remove(first);
    }
}
