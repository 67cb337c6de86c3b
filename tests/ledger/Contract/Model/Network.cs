using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>One network twice: as the contract's state, and as the model knows it.</summary>
internal sealed class Network
{
    public static readonly string[] Pharmacies = ["pharmacy-a", "pharmacy-b", "clinic"];
    public static readonly string[] Hospitals = ["hospital", "hospital-2", "clinic"];
    public static readonly string[] Insurers = [World.Insurer, "insurer-2"];

    public static readonly Dictionary<string, string> People = new()
    {
        ["dr-house"] = "hospital",
        ["dr-wilson"] = "hospital hospital-2",
        ["dr-clinic"] = "clinic",
        ["ward-pharmacist"] = "hospital",
        ["second-pharmacist"] = "hospital pharmacy-a",
        ["pharmacist-a"] = "pharmacy-a",
        ["pharmacist-b"] = "pharmacy-b",
        ["clinic-pharmacist"] = "clinic",
    };

    private static readonly Dictionary<string, Role[]> Members = new()
    {
        ["hospital"] = [Role.Hospital],
        ["hospital-2"] = [Role.Hospital],
        ["clinic"] = [Role.Hospital, Role.Pharmacy],
        ["pharmacy-a"] = [Role.Pharmacy],
        ["pharmacy-b"] = [Role.Pharmacy],
        ["regulator"] = [Role.Regulator],
        [World.Insurer] = [Role.Insurer],
        ["insurer-2"] = [Role.Insurer],
    };

    public Network(Settings settings)
    {
        foreach ((string name, Role[] roles) in Members) AddMember(name, roles);
        foreach ((string name, string work) in People) AddPerson(name, work.Split(' '));
        SetPolicy(settings);
        Model = new NaiveModel(World.Policy);
        foreach ((string name, Role[] roles) in Members) TellModelOfMember(name, roles);
        foreach ((string name, string work) in People) TellModelOfPerson(name, work.Split(' '));
    }

    public World World { get; } = new();

    public NaiveModel Model { get; }

    /// <summary>From a few leaves on, this name signs nothing that is valid.</summary>
    public void Revoke(string name)
    {
        ulong leaf = World.Leaf + 2;
        World.Key(name).ValidUntil = leaf;
        Model.Keys[NaiveModel.Text(World.KeyOf(name))].Until = leaf;
    }

    /// <summary>The member is gone; another one has its duties and rights.</summary>
    public void Remove(string name, string successor)
    {
        World.Organisation(name).Roles.Clear();
        World.Organisation(name).Successor = successor;
        NaiveModel.Member member = Model.Members[name];
        (member.Removed, member.Successor) = (true, successor);
        member.Roles.Clear();
    }

    /// <summary>Begins the exchange of the pack key, or ends it.</summary>
    public void ExchangePackKey()
    {
        if (!World.Policy.PackKeyExchange) World.Policy.PackKeyVersion++;
        World.Policy.PackKeyExchange = !World.Policy.PackKeyExchange;
    }

    private void AddMember(string name, Role[] roles)
    {
        World.AddMember(name, roles);
        if (!Insurers.Contains(name)) return;
        // A presence attestation names the payer's key by itself, not by id.
        World.State.Put(EntityKind.Key, ByteString.CopyFrom(KeyId.Of(KeyId.EcdsaP256, World.PublicKey(name).Span)),
            new Key { Organisation = name, Custody = Custody.Organisation });
    }

    private void AddPerson(string name, string[] work)
    {
        World.AddPractitioner(name, ProfessionOf(name), work);
        if (name is "ward-pharmacist" or "pharmacist-a") World.Key(name).Custody = Custody.Card;
        if (name is "clinic-pharmacist") World.Key(name).Custody = Custody.Organisation;
    }

    public static Profession ProfessionOf(string name) =>
        name.StartsWith("dr-", StringComparison.Ordinal) ? Profession.Prescriber : Profession.Pharmacist;

    private void TellModelOfMember(string name, Role[] roles)
    {
        Model.Members[name] = new NaiveModel.Member { Roles = [.. roles] };
        var key = new NaiveModel.SigningKey { Owner = name, Custody = Custody.Organisation };
        Model.Keys[NaiveModel.Text(World.KeyOf(name))] = key;
        if (!Insurers.Contains(name)) return;
        Model.Keys[Convert.ToBase64String(KeyId.Of(KeyId.EcdsaP256, World.PublicKey(name).Span))] =
            new NaiveModel.SigningKey { Owner = name, Custody = Custody.Organisation };
    }

    private void TellModelOfPerson(string name, string[] work)
    {
        string id = NaiveModel.Text(World.Id(name));
        Model.People[id] = new NaiveModel.Person { Profession = ProfessionOf(name), Work = [.. work] };
        Model.People[id].Acts.Add((NaiveModel.Text(World.Hash("registration of " + name)), 0));
        Model.Keys[NaiveModel.Text(World.KeyOf(name))] = new NaiveModel.SigningKey { Owner = id, Custody = World.Key(name).Custody };
    }

    private void SetPolicy(Settings settings)
    {
        Policy policy = World.Policy;
        (policy.ClaimPeriodMs, policy.LongestWindowMs) = (2 * World.Hour, 2 * World.Day);
        (policy.ReversalPeriodMs, policy.LongestHoldMs) = (World.Hour, World.Day);
        (policy.DisputePeriodMs, policy.RetentionMs) = (3 * World.Hour, 12 * World.Hour);
        policy.ReportingPeriodMs = settings.Periods == 1 ? 5 * World.Minute : 6 * World.Hour;
        policy.PresencePeriodMs = settings.Periods == 2 ? 0 : 30 * World.Minute;
        policy.ApprovalsBeforeClaim = (uint)settings.Reviews;
        policy.ApprovalsBeforeDispense = (uint)settings.LateReviews;
        (policy.PackCodesMandatory, policy.PackKeyExchange) = (settings.Packs % 2 == 1, settings.Packs >= 2);
        policy.PackKeyVersion = 2;
        policy.ClaimOverrideAllowed = settings.Claims == 1;
        policy.LeastCustody = settings.Custody == 0 ? Custody.Unspecified : Custody.OwnDevice;
        if (settings.Custody == 2) policy.CustodyByAct.Add(new ActCustody { Act = "review", Least = Custody.Card });
        if (settings.Custody == 3) policy.CustodyByAct.Add(new ActCustody { Act = "dispense", Least = Custody.Organisation });
        if (settings.Lists % 2 == 1) policy.Reviewers.Add("hospital");
        if (settings.Lists >= 2) policy.Registrars.Add("clinic");
    }
}
