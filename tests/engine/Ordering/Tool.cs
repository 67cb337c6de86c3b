using System.Diagnostics;

namespace RxChain.Engine.Tests.Ordering;

/// <summary>Runs a program to its end.</summary>
internal static class Tool
{
    /// <summary>Its exit code and all that it printed.</summary>
    public static (int Code, string Output) TryRun(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, ReadOnlyMemory<byte> input = default)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // etcdctl gives up after two and five seconds, which a busy machine's disk may need.
        start.Environment["ETCDCTL_DIAL_TIMEOUT"] = start.Environment["ETCDCTL_COMMAND_TIMEOUT"] = "60s";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input.Span);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>What it printed; fails when its exit code is not 0.</summary>
    public static string Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, ReadOnlyMemory<byte> input = default)
    {
        var (code, output) = TryRun(program, arguments, environment, input);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: exit code {code}: {output}");
        return output;
    }
}
