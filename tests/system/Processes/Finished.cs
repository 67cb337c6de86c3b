using System.Diagnostics;
using System.Reflection;

namespace RxChain.SystemTests.Processes;

/// <summary>What a process that has ended said.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error)
{
    /// <summary>Both outputs, for messages of failed assertions.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Error}";

    /// <summary>Fails unless it ended with this code.</summary>
    public Finished Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"expected exit code {exitCode}: {this}");
        return this;
    }

    /// <summary>Fails unless it refused cleanly: exit code 1, these words on standard error, and no stack trace.</summary>
    public void ExpectRefusal(params string[] words)
    {
        Expect(1);
        Assert.All(words, word => Assert.Contains(word, Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}

/// <summary>The programs that are tested, as the build made them.</summary>
internal static class Programs
{
    /// <summary>The node.</summary>
    public static string Node { get; } = Path.GetFullPath(Metadata("RxNode"));

    /// <summary>The auditor.</summary>
    public static string Auditor { get; } = Path.GetFullPath(Metadata("RxAudit"));

    /// <summary>The client sample in C#.</summary>
    public static string Sample { get; } = Path.GetFullPath(Metadata("CSharpSample"));

    /// <summary>Folder of the source.</summary>
    public static string Repository { get; } = Path.GetFullPath(Metadata("Repository"));

    /// <summary>Runs <c>rxnode</c> to its end.</summary>
    public static Finished RunNode(params string[] arguments) => Run(Node, arguments, new Dictionary<string, string>());

    /// <summary>Runs <c>rxaudit</c> to its end.</summary>
    public static Finished RunAuditor(params string[] arguments) => Run(Auditor, arguments, new Dictionary<string, string>());

    /// <summary>Runs a program of ours to its end.</summary>
    public static Finished Run(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        using var process = Start(program, arguments, environment);
        return End(process);
    }

    /// <summary>Runs a program that is not ours to its end.</summary>
    public static Finished RunOther(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        return End(process);
    }

    /// <summary>Starts a program of ours.</summary>
    public static Process Start(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static Finished End(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Finished(process.ExitCode, output, error.Result);
    }

    private static string Metadata(string key) => typeof(Programs).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
