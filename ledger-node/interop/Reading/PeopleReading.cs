namespace RxChain.Interop.Reading;

/// <summary>Who prescribes, who issues and who pays.</summary>
internal sealed class PeopleReading(ReferenceScope scope, IReadOnlyList<FhirNode> roles)
{
    /// <summary><c>Composition.author</c> and its legal <c>attester</c>; one of them is each line's requester.</summary>
    public List<FhirPractitioner> Practitioners(FhirNode composition, IReadOnlyList<FhirNode> requests)
    {
        var author = Author(composition);
        var responsible = Attester(composition) ?? author;
        foreach (var request in requests) CheckRequester(request["requester"], author, responsible);
        foreach (var role in roles) scope.Resolve(role.Required("practitioner"), "Practitioner");
        if (!author.Exists || !responsible.Exists) return [];
        var people = new List<FhirPractitioner> { Practitioner(responsible, FhirPractitionerRole.Responsible) };
        if (author.Path != responsible.Path) people.Add(Practitioner(author, FhirPractitionerRole.Author));
        return people;
    }

    /// <summary><c>Composition.custodian</c>.</summary>
    public FhirOrganization Organization(FhirNode composition)
    {
        var organization = scope.Resolve(composition.Required("custodian"), "Organization");
        return new(organization.Required("name").Text(), FirstIdentifier(organization));
    }

    /// <summary><c>MedicationRequest.insurance</c> and its <c>Coverage.payor</c>.</summary>
    public FhirIdentifier? Payer(FhirNode request)
    {
        var insurance = request["insurance"].Only();
        if (!insurance.Exists) return null;
        var coverage = scope.Resolve(insurance, "Coverage");
        scope.Resolve(coverage.Required("beneficiary"), "Patient");
        var payor = coverage.Required("payor").Only();
        return payor["reference"].Exists
            ? FirstIdentifier(scope.Resolve(payor, "Organization"))
            : Identifier(payor.Required("identifier"));
    }

    public static FhirIdentifier Identifier(FhirNode identifier) =>
        new(identifier.Required("system").Text(), identifier.Required("value").Text());

    /// <summary>An identifier by one of the systems that name prescriptions.</summary>
    public static FhirIdentifier PrescriptionId(FhirNode identifier, FhirOptions options)
    {
        var id = Identifier(identifier);
        if (identifier["system"].Exists && !options.PrescriptionIdSystems.Contains(id.System))
            identifier["system"].Fail($"{JsonPath.Quote(id.System)} is not known to name prescriptions");
        return id;
    }

    private FhirNode Author(FhirNode composition)
    {
        var authors = composition.Required("author");
        var people = authors.Items().Where(a => a["type"].Text() != "Device").ToList();
        if (people.Count == 1) return scope.Resolve(people[0], "Practitioner");
        if (authors.Exists) authors.Fail(people.Count == 0 ? "names no practitioner" : "names several practitioners");
        return authors with { Json = default };
    }

    private FhirNode? Attester(FhirNode composition)
    {
        var legal = composition["attester"].Items().Where(a => a.Required("mode").Text() == "legal").ToList();
        if (legal.Count == 0) return null;
        if (legal.Count > 1) composition["attester"].Fail("names several legal attesters");
        return scope.Resolve(legal[0].Required("party"), "Practitioner");
    }

    private void CheckRequester(FhirNode requester, FhirNode author, FhirNode responsible)
    {
        if (!requester.Exists) return;
        var practitioner = scope.Resolve(requester, "Practitioner");
        if (practitioner.Path != author.Path && practitioner.Path != responsible.Path)
            requester.Fail("is neither the author nor the legal attester of the document");
    }

    private FhirPractitioner Practitioner(FhirNode practitioner, FhirPractitionerRole role)
    {
        var teams = roles.Where(r => scope.Resolve(r["practitioner"], "Practitioner").Path == practitioner.Path);
        var team = teams.Select(r => r["organization"]["identifier"]).FirstOrDefault(i => i.Exists);
        return new(role, Identifiers(practitioner), team.Exists ? Identifier(team) : null);
    }

    private static FhirIdentifier FirstIdentifier(FhirNode resource) =>
        Identifiers(resource).FirstOrDefault() ?? new("", "");

    /// <summary>Identifiers in use: <c>Identifier.use</c> is a modifier element.</summary>
    private static List<FhirIdentifier> Identifiers(FhirNode resource)
    {
        var identifiers = resource.Required("identifier");
        List<FhirIdentifier> current = [.. identifiers.Items().Where(i => i["use"].Text() != "old").Select(Identifier)];
        if (current.Count == 0 && identifiers.Exists) identifiers.Fail("has none that is in use");
        return current;
    }
}
