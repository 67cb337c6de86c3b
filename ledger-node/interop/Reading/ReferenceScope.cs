namespace RxChain.Interop.Reading;

/// <summary>The resources that references of one document may name: FHIR R4 references.html and
/// bundle.html#references. Also takes <c>urn:uuid:ID</c> and the bare id where no fullUrl says otherwise,
/// as German dispense records write it.</summary>
internal sealed class ReferenceScope
{
    private const string Uuid = "urn:uuid:";

    private readonly Dictionary<string, FhirNode> _resources = new(StringComparer.Ordinal);

    /// <summary>Adds a resource under its fullUrl, if it has one, and its id.</summary>
    public void Add(FhirNode resource, FhirNode fullUrl = default)
    {
        var type = TypeOf(resource);
        if (fullUrl.Exists)
        {
            var url = fullUrl.Text();
            Name(url, resource, fullUrl);
            if (Tail(url, type) is { } tail) Name(tail, resource, fullUrl);
        }

        if (resource["id"].Exists) Name($"{type}/{resource["id"].Text()}", resource, resource["id"]);
    }

    /// <summary>The resource that a Reference names, of this type if one is given; a problem when there is none.</summary>
    public FhirNode Resolve(FhirNode reference, string? type = null)
    {
        var target = reference.Required("reference");
        if (!target.Exists) return target;
        if (!_resources.TryGetValue(Key(target.Text(), type), out var resource))
        {
            target.Fail($"{JsonPath.Quote(target.Text())} names no {type ?? "resource"} of this document");
            return target with { Json = default };
        }

        if (type is not null && TypeOf(resource) != type) target.Fail($"names {TypeOf(resource)} where {type} is wanted");
        return resource;
    }

    public static string TypeOf(FhirNode resource) => resource["resourceType"].Text();

    private string Key(string reference, string? type)
    {
        if (_resources.ContainsKey(reference)) return reference;
        if (reference.StartsWith(Uuid, StringComparison.Ordinal)) reference = reference[Uuid.Length..];
        return reference.Contains('/') ? reference : $"{type}/{reference}";
    }

    private void Name(string key, FhirNode resource, FhirNode source)
    {
        if (!_resources.TryAdd(key, resource) && _resources[key].Path != resource.Path)
            source.Fail($"{JsonPath.Quote(key)} names two resources");
    }

    /// <summary><c>Type/id</c> at the end of an absolute address.</summary>
    private static string? Tail(string url, string type)
    {
        var start = url.LastIndexOf($"/{type}/", StringComparison.Ordinal);
        return start < 0 ? null : url[(start + 1)..];
    }
}
