using Google.Protobuf;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Prescriptions.Rules;

/// <summary>RegisterPractitioner: a regulator admits a practitioner with a key. Proof of possession was
/// checked at admission.</summary>
internal static class RegisterAct
{
    public static Outcome Apply(ActContext context)
    {
        RegisterPractitioner registration = context.Event.RegisterPractitioner;
        var keyId = ByteString.CopyFrom(KeyId.Of(KeyId.EcdsaP256, registration.PublicKey.Span));
        if (context.Find<Key>(EntityKind.Key, keyId) is not null) return Outcome.AlreadyExists;
        Practitioner practitioner = context.Practitioner;
        practitioner.Profession = registration.Profession;
        practitioner.Organisations.Add(registration.Organisations);
        practitioner.KeyId = keyId;
        practitioner.CredentialCommitment = registration.CredentialCommitment;
        context.Put(EntityKind.Key, keyId, KeyOf(registration, context.LeafIndex));
        return Outcome.Accepted;
    }

    private static Key KeyOf(RegisterPractitioner registration, ulong leafIndex) => new()
    {
        Algorithm = KeyId.EcdsaP256,
        PublicKey = registration.PublicKey,
        PractitionerId = registration.PractitionerId,
        Custody = registration.Custody,
        ValidFrom = leafIndex + 1,
    };
}

/// <summary>SuspendPractitioner and ReinstatePractitioner, by any regulator.</summary>
internal static class SuspensionActs
{
    public static Outcome Suspend(ActContext context) => Set(context.Practitioner, true);

    public static Outcome Reinstate(ActContext context) => Set(context.Practitioner, false);

    private static Outcome Set(Practitioner practitioner, bool suspended)
    {
        if (practitioner.Suspended == suspended) return Outcome.WrongState;
        practitioner.Suspended = suspended;
        return Outcome.Accepted;
    }
}
