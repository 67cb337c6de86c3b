using System.CommandLine;
using Grpc.Net.Client;
using RxChain.Client;

namespace RxChain.Node.Commands;

/// <summary>Options of every command that calls a running node: where it is, and under TLS who calls.</summary>
internal sealed class NodeConnection
{
    private readonly Option<string?> _address = new("--address") { Description = "gRPC address of the running node, for instance https://10.0.0.1:7600." };
    private readonly Option<string?> _certificate = new("--cert") { Description = "Under https: a client's certificate (PEM), as rxnode pki client makes it." };
    private readonly Option<string?> _key = new("--key") { Description = "Under https: its private key (PEM)." };
    private readonly Option<string?> _authorities = new("--ca") { Description = "Under https: the authority of the node's certificate (PEM)." };

    /// <summary>Adds the options to a command.</summary>
    public NodeConnection AddTo(Command command)
    {
        foreach (var option in new Option[] { _address, _certificate, _key, _authorities })
            command.Add(option);
        return this;
    }

    /// <summary>The address as typed; null when none was.</summary>
    public string? Address(ParseResult result) => result.GetValue(_address);

    /// <summary>Opens a channel.</summary>
    /// <param name="result">What was typed.</param>
    /// <param name="usual">The address when none was typed.</param>
    /// <exception cref="ArgumentException">The options do not fit together; the message says which is missing.</exception>
    public GrpcChannel Open(ParseResult result, string usual = "http://127.0.0.1:7600")
    {
        var address = CommonOptions.NodeAddress(Address(result) ?? usual);
        var files = new[] { _certificate, _key, _authorities }.Select(option => (option.Name, Path: result.GetValue(option))).ToArray();
        if (address.Scheme == Uri.UriSchemeHttp)
        {
            return files.All(file => file.Path is null)
                ? GrpcChannel.ForAddress(address) : throw new ArgumentException($"--address: certificates are for https://, not for {address}.");
        }
        foreach (var (name, path) in files)
        {
            if (path is null)
                throw new ArgumentException($"{name}: is missing, and {address} needs it. Certificates of clients are made with: rxnode pki client");
            if (!File.Exists(path))
                throw new ArgumentException($"{name}: {path} does not exist.");
        }
        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = MutualTls.CreateHandler(files[0].Path!, files[1].Path!, files[2].Path!),
            DisposeHttpClient = true,
        });
    }
}
