using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using RxChain.Grpc.Tests.Peers;
using RxChain.Testing.Node;

namespace RxChain.Grpc.Tests.Services;

/// <summary>The samples, each as its reader would run it: a program of its own against a running server.</summary>
public sealed class SampleTests(ServiceHost host) : IClassFixture<ServiceHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string Samples = Path.GetFullPath(Path.Combine(PeerProcess.SourceDirectory, "../../grpc-api/samples"));

    [Fact]
    public Task CSharp_Run_Completes() => Completes("dotnet", PeerProcess.Built("CSharpSample"));

    // Debian's own Python, which has Debian's packages; another may come first on the path.
    [Fact]
    public Task Python_Run_Completes() => Completes("/usr/bin/python3", Path.Combine(Samples, "python/sample.py"));

    [Fact]
    public Task JavaScript_Run_Completes() => Completes("node", Path.Combine(Samples, "javascript/sample.js"));

    private async Task Completes(string program, string sample)
    {
        string parties = Path.GetTempFileName();
        await File.WriteAllTextAsync(parties, Parties());
        string output = await Run(program, sample, new Uri(host.Address).Authority, parties);
        File.Delete(parties);

        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        Assert.All(["issue: leaf", "claim: leaf", "dispense: leaf"], start => Assert.Single(lines, l => l.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal("COMPLETED", lines[^1]);
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"{program}; has tests/install.sh run? {await errors}");
        return await output;
    }

    private string Parties() => JsonSerializer.Serialize(new
    {
        network = TestNetwork.Origin,
        policy = host.Network.Quorum,
        hospital = new { name = "hospital", key = Pem("hospital") },
        prescriber = new { id = Id("prescriber"), key = Pem("prescriber") },
        pharmacy = new { name = "pharmacy-a", key = Pem("pharmacy-a") },
        pharmacist = new { id = Id("pharmacist-a"), key = Pem("pharmacist-a") },
    });

    private string Pem(string name) => PemEncoding.WriteString("PRIVATE KEY", host.Network.Key(name).ExportPkcs8());

    private static string Id(string name) => Convert.ToHexStringLower(TestNetwork.Id(name).Span);
}
