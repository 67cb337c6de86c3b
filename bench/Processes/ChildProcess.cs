using System.Diagnostics;
using System.Globalization;

namespace RxChain.Bench.Processes;

/// <summary>Starts programs that were built beside this one.</summary>
internal static class ChildProcess
{
    public static string NodeProgram => Path.Combine(AppContext.BaseDirectory, "rxnode", "rxnode.dll");

    public static string AuditorProgram => Path.Combine(AppContext.BaseDirectory, "rxnode", "rxaudit", "rxaudit.dll");

    private static string OwnProgram => Path.Combine(AppContext.BaseDirectory, "RxChain.Bench.dll");

    public static Process Start(string program, IEnumerable<string> arguments) => Process.Start(StartInfo(program, arguments))!;

    public static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments) =>
        new("dotnet", [program, .. arguments]) { RedirectStandardOutput = true };

    /// <summary>Runs to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw Failed(program, process.ExitCode, output);
    }

    public static async Task<Client.ClientReport> RunClientAsync(params IEnumerable<string> arguments) =>
        Client.ClientReport.Parse(await RunAsync(OwnProgram, ["client", .. arguments]));

    public static InvalidOperationException Failed(string program, int exitCode, string output) =>
        new($"{Path.GetFileName(program)} ended with {exitCode}: {output}");

    /// <summary>Asks a process to stop, and waits until it has.</summary>
    public static async Task TerminateAsync(Process process)
    {
        using var kill = Process.Start("kill", process.Id.ToString(CultureInfo.InvariantCulture));
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
    }
}
