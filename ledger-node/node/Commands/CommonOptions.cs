using System.CommandLine;
using System.Security.Cryptography;
using RxChain.Client;
using RxChain.Engine.Ports;

namespace RxChain.Node.Commands;

internal static class CommonOptions
{
    public static Option<string> Data() => new("--data") { Description = "The member's data directory.", Required = true };

    public static Option<bool> Plaintext() => new("--plaintext") { Description = "Without TLS, and open to whoever is on this machine: loopback only, for trying things out." };

    /// <summary>Address of a node, as typed.</summary>
    public static Uri NodeAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var node) && (node.Scheme == Uri.UriSchemeHttp || node.Scheme == Uri.UriSchemeHttps)
            ? node : throw new ArgumentException($"--address: \"{text}\" is not an address like https://10.0.0.1:7600.");
}

/// <summary>Runs a command: what goes wrong is one line on standard error, and exit code 1.</summary>
internal static class Guarded
{
    public static int Run(Action action) => RunAsync(() =>
    {
        action();
        return Task.FromResult(0);
    }).GetAwaiter().GetResult();

    public static async Task<int> RunAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Grpc.Core.RpcException e)
        {
            string what = LedgerError.From(e) is { } refusal ? $"refused: {refusal.Reason}" : $"did not answer: {e.StatusCode}";
            await Console.Error.WriteLineAsync($"rxnode: the node {what}: {e.Status.Detail}");
            return 1;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or CorruptLogException
            or ArgumentException or CryptographicException or OrderingUnavailableException)
        {
            await Console.Error.WriteLineAsync($"rxnode: {e.Message}");
            return 1;
        }
    }
}
