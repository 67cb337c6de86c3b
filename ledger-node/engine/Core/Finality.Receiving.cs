using RxChain.Engine.Ports;
using RxChain.Ledger.Members;
using RxChain.Ledger.Tlog;

namespace RxChain.Engine.Core;

/// <summary>What peers say. Each word is checked with the keys of the era that rules the head in question.</summary>
internal sealed partial class Finality
{
    private readonly HashSet<string> _splitFrom = [];

    private bool IsAnswered => _question is null || _question.IsAnsweredBy(Era);

    public void Receive(PeerMessage message, List<EngineEffect> effects)
    {
        switch (message)
        {
            case HeadReport report:
                TakeReport(report, effects);
                break;
            case SizeNamed named when _eras.Last.NodeKey(named.Sender) is not null || Era.NodeKey(named.Sender) is not null:
                // Each validator's word replaces only its own last: a name that no log has holds up nobody.
                _named[named.Sender] = named.Size;
                break;
            case HeadCosigned cosigned:
                TakeCosignature(cosigned, effects);
                break;
            case HeadsAsked asked when _self is not null:
                effects.Add(new SendToPeer(asked.Sender, new HeadsShown(
                    _self.Name, asked.Question, NextFinalAfter(asked.FinalSize), _cosignatures.Largest(asked.Sender, asked.CosignerKeyId))));
                break;
            case HeadsShown shown when shown.Question == _question?.Number:
                TakeAnswer(shown, effects);
                break;
        }
        Progress(effects);
    }

    private void Ask(List<EngineEffect> effects)
    {
        if (_self is null || _eras.Last.Names.All(name => name == _self.Name))
            return;
        uint keyId = OwnCosigner.KeyId;
        effects.Add(new SendToPeers(new HeadsAsked(_self.Name, _question!.Number, keyId, FinalSize)));
    }

    private VerifierKey OwnCosigner => new Cosigner(_self!.Name, _self.CosignerKey).VerifierKey;

    private void TakeAnswer(HeadsShown shown, List<EngineEffect> effects)
    {
        var yours = shown.Yours;
        if (yours is not null && !_cosignatures.IsSignedBy(OwnCosigner, yours))
        {
            Dropped(shown.Sender, "an answer with a cosignature that this node's key has not made", effects);
            return;
        }
        _question!.Answer(shown.Sender, yours?.Head ?? default);
        if (yours is not null && _heads.RootAt(yours.Head.Size) is { } own && own != yours.Head.Root)
            Stop(HaltKind.Diverged, Divergence($"as {shown.Sender} shows, this node's own key has cosigned", yours.Head, own), effects);
        if (shown.Final is { } final && Judge(final, effects))
            MakeFinal(effects);
    }

    // After a start: a quorum has answered, and this log and the disk know the largest head that this key ever cosigned.
    private bool MayCosign(ValidatorSet era, List<EngineEffect> effects)
    {
        if (!_question!.IsAnsweredBy(era))
            return false;
        var largest = _question.Largest;
        if (largest.Size <= LastCosigned.Size)
            return true;
        if (_heads.RootAt(largest.Size) is not { } own)
            return false;
        if (own != largest.Root)
            Stop(HaltKind.Diverged, Divergence("this node's own key has cosigned", largest, own), effects);
        else if (!_saving)
            Save(largest, effects);
        return false;
    }

    private void TakeReport(HeadReport report, List<EngineEffect> effects)
    {
        if (report.Epoch != _reports.Epoch)
            return;
        // Of what is final here only another log is news: whoever has one will never cosign with this node. Logs that differ
        // at one head differ at all later ones, so the newest tells.
        var old = report.Heads.Where(h => h.Size <= FinalSize).DefaultIfEmpty().MaxBy(h => h.Size);
        bool differs = old.Size > 0 && _heads.RootAt(old.Size) != old.Root;
        foreach (var heads in report.Heads.Where(h => h.Size > FinalSize || (differs && h == old)).GroupBy(h => _eras.At(h.Size).NodeKey(report.Sender)))
        {
            if (heads.Key is not { } key || !_reports.IsSignedBy(key, report))
            {
                if (heads.Any(h => h.Size <= _heads.DurableSize))
                    Dropped(report.Sender, "a head report that no validator's key of that era has signed", effects);
                continue;
            }
            foreach (var head in heads)
            {
                if (_reports.Add(key, head, report, _eras.EndOf(Era)) is { } other)
                    _accusations.Raise(key, _reports.Contradiction(key, other, report), effects);
                else if (_heads.RootAt(head.Size) is { } own && own != head.Root)
                    Contradicted(report.Sender, head, effects);
            }
        }
    }

    private void TakeCosignature(HeadCosigned cosigned, List<EngineEffect> effects)
    {
        var head = cosigned.Head;
        var own = _heads.RootAt(head.Size);
        var key = _eras.At(head.Size).Cosigner(cosigned.Sender);
        if (key is null || _cosignatures.Has(key, head) || (own == head.Root && head.Size < _cosignatures.Largest(key.Name, key.KeyId)?.Head.Size && head.Size <= FinalSize))
            return;
        if (!_cosignatures.IsSignedBy(key, cosigned))
        {
            // Beyond this log another era may rule.
            if (own is not null)
                Dropped(cosigned.Sender, $"a cosignature of size {head.Size} that does not verify", effects);
            return;
        }
        _accusations.Examine(key, cosigned, own, effects);
        _cosignatures.Add(key, cosigned);
        if (_cosignatures.Largest(key.Name, key.KeyId) == cosigned)
            effects.Add(new KeepCosignature(cosigned));
        if (own is not null && own != head.Root)
            Contradicted(cosigned.Sender, head, effects);
        MakeFinal(effects);
    }

    // Peers may have spoken of a head before this node had it.
    private void CompareWithPeers(CosignedHead own, List<EngineEffect> effects)
    {
        var era = _eras.At(own.Size);
        foreach (string name in era.Names)
        {
            if (_reports.Find(era.NodeKey(name)!, own.Size) is { } root && root != own.Root)
                Contradicted(name, new CosignedHead(own.Size, root), effects);
            var key = era.Cosigner(name)!;
            foreach (var cosigned in _cosignatures.Of(key).Where(c => c.Head.Size == own.Size).ToList())
            {
                _accusations.Examine(key, cosigned, own.Root, effects);
                if (cosigned.Head != own)
                    Contradicted(name, cosigned.Head, effects);
            }
        }
    }

    // One validator with another log is told once; a quorum of them means that this node is the one that is wrong.
    private void Contradicted(string sender, CosignedHead theirs, List<EngineEffect> effects)
    {
        var era = _eras.At(theirs.Size);
        var own = _heads.RootAt(theirs.Size)!.Value;
        if (era.IsQuorum(_reports.Reporters(era, theirs)))
            Stop(HaltKind.Diverged, Divergence("a quorum has reported", theirs, own), effects);
        else if (_cosignatures.QuorumSigned(era, theirs))
            Stop(HaltKind.Diverged, Divergence("a quorum has cosigned", theirs, own), effects);
        else if (_splitFrom.Add(sender))
        {
            effects.Add(new RaiseAlarm(
                $"split view: {sender} has size {theirs.Size} root {theirs.Root}, this node has root {own}. Compare both logs with rxaudit."));
        }
    }

    private void Remember(HeadCosigned kept)
    {
        if (_eras.At(kept.Head.Size).Cosigner(kept.Sender) is { } key && key.KeyId == kept.Signature.KeyId)
            _cosignatures.Add(key, kept);
    }

    private static void Dropped(string sender, string what, List<EngineEffect> effects) =>
        effects.Add(new RaiseAlarm($"peer {sender}: {what} was dropped"));
}
