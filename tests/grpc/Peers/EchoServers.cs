using System.Globalization;
using Xunit.Abstractions;

namespace RxChain.Grpc.Tests.Peers;

/// <summary>A suite with an Echo server in a process of its own, that prints its port.</summary>
public abstract class EchoServerSuite(IMessageSink output, string name, int budgetSeconds)
    : Suite(output, name, budgetSeconds)
{
    public PeerProcess Process { get; private set; } = null!;

    public int Port { get; private set; }

    public string Address => $"http://127.0.0.1:{Port}";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Process = Start();
        Port = int.Parse(await Process.ReadLine(), CultureInfo.InvariantCulture);
    }

    public override async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        await base.DisposeAsync();
    }

    protected abstract PeerProcess Start();
}

/// <summary>A suite against upstream's server on Kestrel.</summary>
public abstract class KestrelSuite(IMessageSink output, string name, int budgetSeconds)
    : EchoServerSuite(output, name, budgetSeconds)
{
    protected override PeerProcess Start() =>
        PeerProcess.Start("dotnet", Path.Combine(AppContext.BaseDirectory, "RxChain.Grpc.EchoServer.dll"));
}

/// <summary>A suite against grpc-js.</summary>
public abstract class GrpcJsServerSuite(IMessageSink output, string name, int budgetSeconds)
    : EchoServerSuite(output, name, budgetSeconds)
{
    protected override PeerProcess Start() => PeerProcess.Start("node", "js/server.js");
}
