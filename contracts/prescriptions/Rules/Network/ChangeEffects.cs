using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;
using Change = RxChain.Prescriptions.Events.Propose.ChangeOneofCase;

namespace RxChain.Prescriptions.Rules.Network;

/// <summary>Carries out a change that is possible. All of it holds from the first leaf after the block's seal on.</summary>
internal static class ChangeEffects
{
    /// <summary>Returns true when other validators, or another number of them, decide from now on.</summary>
    public static bool Apply(StateEdit edit, ByteString proposalId, Propose change, ApplyContext at)
    {
        switch (change.ChangeCase)
        {
            case Change.AddMember: Add(edit, ProposedChange.Card(change), at); break;
            case Change.RemoveMember: Remove(edit, change.RemoveMember, at); break;
            case Change.RotateKeys: Rotate(edit, ProposedChange.Card(change), at); break;
            case Change.SetPolicy: SetPolicy(edit, proposalId, ProposedChange.Policy(change), at); break;
            default: return Eras.Renew(edit, change.SetQuorum.Threshold, at);
        }
        return Eras.Renew(edit, null, at);
    }

    private static void Add(StateEdit edit, MemberCardLayout card, ApplyContext at)
    {
        var member = edit.Open<Organisation>(EntityKind.Organisation, card.Name);
        member.Roles.Add(card.Roles);
        Insert(edit.OpenNetwork().Members, card.Name);
        SetKeys(edit, card.Name, member, [], CardKeys.Of(card), at);
    }

    private static void Remove(StateEdit edit, RemoveMember remove, ApplyContext at)
    {
        var member = edit.Open<Organisation>(EntityKind.Organisation, remove.Name);
        SetKeys(edit, remove.Name, member, CardKeys.Of(edit, member), [], at);
        (member.ValidUntil, member.Successor) = (at.LeafIndex, remove.Successor);
        edit.OpenNetwork().Members.Remove(remove.Name);
    }

    private static void Rotate(StateEdit edit, MemberCardLayout card, ApplyContext at)
    {
        var member = edit.Open<Organisation>(EntityKind.Organisation, card.Name);
        SetKeys(edit, card.Name, member, CardKeys.Of(edit, member), CardKeys.Of(card), at);
    }

    private static void SetPolicy(StateEdit edit, ByteString proposalId, Policy policy, ApplyContext at)
    {
        edit.Put(EntityKind.Policy, EntityIds.Policy.ToArray(), policy);
        edit.OpenNetwork().PolicyChanges.Add(new PolicyChange { ProposalId = proposalId, FromLeaf = at.LeafIndex });
    }

    private static void SetKeys(StateEdit edit, string name, Organisation member, CardKey[] before, CardKey[] after, ApplyContext at)
    {
        foreach (CardKey key in before.Except(after)) edit.Open<Key>(EntityKind.Key, key.Id).ValidUntil = at.LeafIndex;
        foreach (CardKey key in after.Except(before)) edit.Put(EntityKind.Key, key.Id, KeyOf(name, key, at));
        if (after.Length > 0) member.KeyId = ByteString.CopyFrom(after[0].Id);
        ByteString At(int purpose) => after.Length > 1 ? after[purpose].PublicKey : ByteString.Empty;
        (member.NodeKey, member.CosignerKey, member.LogKey) = (At(1), At(2), At(3));
        SetValidating(edit, name, before.Length > 1, after.Length > 1, at);
    }

    private static Key KeyOf(string name, CardKey key, ApplyContext at) => new()
    {
        Algorithm = key.Algorithm,
        PublicKey = key.PublicKey,
        Organisation = name,
        Custody = Custody.Organisation,
        ValidFrom = at.LeafIndex,
    };

    // A clock that begins at ledger time neither holds it back nor moves it on.
    private static void SetValidating(StateEdit edit, string name, bool before, bool after, ApplyContext at)
    {
        if (before == after) return;
        RepeatedField<string> validators = edit.OpenNetwork().Validators;
        if (after) Insert(validators, name);
        else validators.Remove(name);
        edit.Put(EntityKind.Clock, Encoding.UTF8.GetBytes(name), after ? new Clock { ReportedMs = at.LedgerTimeMs } : null);
    }

    private static void Insert(RepeatedField<string> ascending, string name)
    {
        int place = ascending.TakeWhile(other => string.CompareOrdinal(other, name) < 0).Count();
        ascending.Insert(place, name);
    }
}
