using System.Buffers.Binary;
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

    /// <summary>Runs payloads.mjs: for each payload "1", or "0" and why not.</summary>
    public static string[] Payloads(IEnumerable<byte[]> payloads) => Each("payloads.mjs", payloads);

    /// <summary>Runs proofs.mjs for the fixed network: for each equivocation proof "1", or "0" and why not.</summary>
    public static string[] Proofs(IEnumerable<byte[]> proofs) => Each("proofs.mjs", proofs, FixedNetwork.Origin);

    public static (int ExitCode, string Output) Equivocation(byte[] proof, params string[] options)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, proof);
            return Node([Script, "equivocation", file, .. options]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string[] Each(string script, IEnumerable<byte[]> inputs, params string[] options)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [.. inputs.SelectMany(Behind)]);
            var (exitCode, output) = Node([Path.Combine(Path.GetDirectoryName(Script)!, script), file, .. options]);
            Assert.True(exitCode == 0, output);
            return output.TrimEnd('\n').Split('\n');
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] Behind(byte[] input)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, input.Length);
        return [.. length, .. input];
    }

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
