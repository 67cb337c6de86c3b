using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>The contract's state against the model's.</summary>
internal static class Comparison
{
    public static void Check(World world, NaiveModel model, IEnumerable<ByteString> ids)
    {
        foreach (ByteString id in ids)
        {
            var stored = world.State.Peek<Prescription>(EntityKind.Prescription, id);
            NaiveModel.Rx? rx = model.Prescriptions.GetValueOrDefault(NaiveModel.Text(id));
            string expected = rx is null ? "nothing" : Described.Of(model, rx);
            string actual = stored is null ? "nothing" : Described.Of(stored, world.Now);
            if (expected != actual) Assert.Fail($"model:\n{expected}\ncontract:\n{actual}");
            if (rx is not null) CheckSideActs(world, rx);
        }
    }

    /// <summary>Every pack that the model knows.</summary>
    public static void CheckPacks(World world, NaiveModel model)
    {
        foreach ((string mac, NaiveModel.PackBox box) in model.Packs) CheckPack(world, mac, box);
    }

    /// <summary>Kept so that the same side act again is recognised.</summary>
    private static void CheckSideActs(World world, NaiveModel.Rx rx)
    {
        foreach (var byOrganisation in rx.SideActs.GroupBy(a => a.Event.Organisation))
        {
            byte[] id = ActKinds.SideActsId(byOrganisation.First().Event);
            var kept = world.State.Peek<SideActs>(EntityKind.SideActs, ByteString.CopyFrom(id));
            Assert.True(byOrganisation.Select(a => a.Id).SequenceEqual(kept!.Acts.Select(a => NaiveModel.Text(a.EventId))), "side acts");
        }
    }

    private static void CheckPack(World world, string mac, NaiveModel.PackBox box)
    {
        List<NaiveModel.Use> taken = NaiveModel.Taken(box);
        var stored = world.State.Peek<Pack>(EntityKind.Pack, ByteString.FromBase64(mac));
        string expected = taken.Count == 0 ? "" : $"{box.Pharmacy} {taken[0].Content} {taken.Sum(u => u.Taken)}";
        string actual = stored is null || stored.Taken == 0 ? "" : $"{stored.Pharmacy} {stored.Content} {stored.Taken}";
        Assert.True(expected == actual, $"pack {mac}, model: {expected}, contract: {actual}");
    }
}
