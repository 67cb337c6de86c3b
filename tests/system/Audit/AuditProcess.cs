using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace RxChain.SystemTests.Audit;

/// <summary>The real rxaudit process.</summary>
internal static class AuditProcess
{
    /// <summary>The program, in the folder that the build made for it.</summary>
    public static string Program { get; } = Path.GetFullPath(
        typeof(AuditProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RxAudit").Value!);

    /// <summary>Runs it to its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs it with <c>--json</c>; the report's exit code must be the process's.</summary>
    public static JsonElement RunJson(params string[] arguments)
    {
        var (exitCode, output, error) = Run([.. arguments, "--json"]);
        Assert.True(output.Length > 0, error);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(exitCode, report.GetProperty("exitCode").GetInt32());
        return report;
    }
}

/// <summary>A directory that is removed at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rxaudit-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes the network's policy and returns its path.</summary>
    public string WritePolicy()
    {
        File.WriteAllText(this["policy"], SampleLedger.PolicyText);
        return this["policy"];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
