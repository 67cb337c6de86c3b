using Google.Protobuf;
using RxChain.Prescriptions.Events;

namespace RxChain.Ledger.Tests.Contract.Model;

/// <summary>Makes one thing of an event wrong, or unusual.</summary>
internal static class Spoiler
{
    public const int Count = 18;

    /// <summary>A statement inside does not verify.</summary>
    public const int StatementInvalid = 1;

    private static readonly string[] Names = ["pharmacy-b", "hospital-2", "clinic", "regulator", World.Insurer];

    public static void Spoil(Event e, Step step, World world)
    {
        switch (step.Wrong)
        {
            case 2: if (e.Sequence > 1) e.Sequence++; break;
            case 3: if (!e.PreviousEventId.IsEmpty) e.PreviousEventId = World.Hash("elsewhere"); break;
            case 4: e.TimeMs -= 16 * World.Minute; break;
            case 5: e.TimeMs -= 15 * World.Minute; break;
            case 6: e.TimeMs += (5 * World.Minute) + 1; break;
            case 7: e.TimeMs += 5 * World.Minute; break;
            case 8: e.TimeMs--; break;
            case 9: if (e.Erase is null) e.Role = (Role)(1 + (step.M % 4)); break;
            case 10: if (e.Erase is null) ActAs(e, Names[step.N % Names.Length], e.Role); break;
            case 11: if (e.KeyIds.Count == 2) Sign(e, Network.People.Keys.ElementAt(step.N), world); break;
            case 12: e.KeyIds[^1] = World.KeyOf(step.N % 2 == 0 ? "dr-clinic" : "clinic"); break;
            case 13: e.AuthorId = World.Id(step.N == 7 ? "nobody" : Network.People.Keys.ElementAt(step.N)); break;
            case 14: SpoilToken(e, step, world); break;
            case 15: if (e.Claim is not null) e.Claim.ClaimNumber++; break;
            case 16: CiteOlder(e, step, world); break;
            case 17: e.AuthorId = World.Id(step.N % 2 == 0 ? "dr-wilson" : "second-pharmacist"); break;
            default: break;
        }
        if (e.AuthorId == e.ResponsibleId) e.AuthorId = ByteString.Empty;
    }

    public static void ActAs(Event e, string organisation, Role role) =>
        (e.Organisation, e.Role, e.KeyIds[0]) = (organisation, role, World.KeyOf(organisation));

    private static void Sign(Event e, string practitioner, World world) =>
        (e.ResponsibleId, e.KeyIds[1]) = (World.Id(practitioner), world.SigningKeyOf(practitioner));

    private static void SpoilToken(Event e, Step step, World world)
    {
        TokenAuthority? token = e.Claim?.Token ?? e.RecordSupply?.Token ?? NaiveModel.PatientsToken(e);
        if (token is null) return;
        bool old = step.N % 2 == 0 && world.Stored?.OldTokens.Count > 0;
        token.TokenKey = old ? world.Stored!.OldTokens[0].TokenKey : World.PublicKey("another token");
    }

    /// <summary>A side act may cite any act; a lifecycle act only the newest.</summary>
    private static void CiteOlder(Event e, Step step, World world)
    {
        if (world.Stored is not { Acts.Count: > 1 } rx || e.PreviousEventId.IsEmpty || e.PrescriptionId.IsEmpty) return;
        int place = step.N % (rx.Acts.Count - 1);
        e.PreviousEventId = rx.Acts[place].EventId;
        e.Sequence = (int)e.ActCase is >= 40 and < 60 ? (uint)place + 1 : (uint)place + 2;
    }
}
