namespace RxChain.Testing;

/// <summary>
/// Finds the official vectors and real inputs that lie outside the repository: in the directory that RXCHAIN_SHARED names,
/// or in a directory <c>shared</c> beside the checkout.
/// </summary>
internal static class SharedData
{
    /// <summary>The directory that contains <c>data</c>, or null.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Null when the data is there, else why tests that need it are skipped.</summary>
    public static string? SkipReason => Root != null || Environment.GetEnvironmentVariable("CI") == "true"
        ? null
        : "shared data not found; set RXCHAIN_SHARED";

    /// <summary>Path of a file or directory below <c>data</c>; throws when the data is absent, as it must not be in CI.</summary>
    public static string Locate(params string[] parts) => Path.Combine(
        [Root ?? throw new DirectoryNotFoundException("RXCHAIN_SHARED is not set and no shared/data was found."), "data", .. parts]);

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("RXCHAIN_SHARED");
        if (!string.IsNullOrEmpty(named))
            return Directory.Exists(Path.Combine(named, "data")) ? named : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at != null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "data")))
                return candidate;
        }
        return null;
    }
}

/// <summary>A fact that needs <see cref="SharedData"/>: skipped where it is absent, failing there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = SharedData.SkipReason;
}

/// <summary>A theory that needs <see cref="SharedData"/>: skipped where it is absent, failing there when CI=true.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.SkipReason;
}
