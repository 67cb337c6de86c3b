namespace RxChain.Ledger.Tests.Interop;

/// <summary>The real e-prescriptions of shared/data/fhir-erezept: by RXCHAIN_SHARED (the folder <c>shared</c>), else
/// in a folder above the tests. Null when absent, which is an error where CI=true.</summary>
internal static class FhirData
{
    private const string Prescription = "VerordnungArzt.json";

    public static string? Folder { get; } = Find();

    /// <summary>Every case as <c>folder/prefix</c>, in order.</summary>
    public static IReadOnlyList<string> Cases { get; } = Folder is null ? [] :
        [.. Directory.EnumerateFiles(Folder, "*" + Prescription, SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Folder, f).Replace('\\', '/'))
            .Select(f => f[..^(Prescription.Length + 1)])
            .Order(StringComparer.Ordinal)];

    public static byte[] PrescriptionOf(string name) => File.ReadAllBytes(Path.Combine(Folder!, $"{name}_{Prescription}"));

    public static byte[] DispenseOf(string name) => File.ReadAllBytes(Path.Combine(Folder!, name + "_MedicationDispense.json"));

    private static string? Find()
    {
        var shared = Environment.GetEnvironmentVariable("RXCHAIN_SHARED");
        if (shared is not null) return Existing(shared);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared")) is { } found) return found;
        }

        return null;
    }

    private static string? Existing(string shared)
    {
        var folder = Path.Combine(shared, "data", "fhir-erezept");
        return Directory.Exists(folder) ? folder : null;
    }
}

/// <summary>A test that needs the real data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FhirDataFactAttribute : FactAttribute
{
    public FhirDataFactAttribute()
    {
        if (FhirData.Folder is null && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "shared/data/fhir-erezept was not found; set RXCHAIN_SHARED";
    }
}
