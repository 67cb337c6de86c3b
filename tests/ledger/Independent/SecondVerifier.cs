using System.Diagnostics;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tests.Format;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>Runs tests/independent/verify.mjs on files of its own directory.</summary>
internal static class SecondVerifier
{
    private static readonly string Script = Path.Combine(VectorFile.RepositoryRoot, "tests", "independent", "verify.mjs");

    public static (int ExitCode, string Output) Tiles(IDictionary<string, byte[]> files, string? policy = null) =>
        Run(files, policy, directory => ["tiles", directory]);

    public static (int ExitCode, string Output) Receipt(byte[] receipt, byte[] leaf, string? policy = null) => Run(
        new Dictionary<string, byte[]> { ["receipt"] = receipt, ["leaf"] = leaf }, policy,
        directory => ["receipt", Path.Combine(directory, "receipt"), Path.Combine(directory, "leaf")]);

    private static (int, string) Run(IDictionary<string, byte[]> files, string? policy, Func<string, string[]> arguments)
    {
        var directory = Directory.CreateTempSubdirectory("rxchain-");
        try
        {
            Published.Write(directory.FullName, files);
            string policyFile = Path.Combine(directory.FullName, "policy");
            File.WriteAllText(policyFile, policy ?? FixedNetwork.Genesis().QuorumText);
            return Node([Script, .. arguments(directory.FullName), "--policy", policyFile]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static (int, string) Node(string[] arguments)
    {
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
