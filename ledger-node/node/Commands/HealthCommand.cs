using System.CommandLine;
using System.Net.Security;
using Grpc.Health.V1;
using Grpc.Net.Client;
using RxChain.Node.Configuration;
using RxChain.Node.Tls;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace RxChain.Node.Commands;

/// <summary>
/// <c>health</c>: for supervisors and containers. Calls the node of a data directory with that node's own certificate, so
/// that no client needs to be made for it, and no port without TLS.
/// </summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data();
        var plaintext = CommonOptions.Plaintext();
        var command = new Command("health", "Ask the running node of a data directory whether it serves: exit code 0 if it does.") { data, plaintext };
        command.SetAction((result, cancellation) => Guarded.RunAsync(() =>
            RunAsync(NodeConfig.Read(result.GetRequiredValue(data), result.GetValue(plaintext)), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(NodeConfig config, CancellationToken cancellation)
    {
        using var channel = Open(config);
        var health = await new Health.HealthClient(channel).CheckAsync(
            new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: cancellation);
        Console.WriteLine(health.Status);
        return health.Status == ServingStatus.Serving ? 0 : 1;
    }

    private static GrpcChannel Open(NodeConfig config)
    {
        if (config.Tls is null)
            return GrpcChannel.ForAddress(config.AddressHere);
        var own = TlsMaterial.Read(config).Node;
        return GrpcChannel.ForAddress(config.AddressHere, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificateContext = own.Context,
                    // The node is asked for the very certificate that is in its files: whatever address it serves, and past its end too.
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetPublicKey().AsSpan().SequenceEqual(own.Certificate.GetPublicKey()) == true,
                },
            },
            DisposeHttpClient = true,
        });
    }
}
