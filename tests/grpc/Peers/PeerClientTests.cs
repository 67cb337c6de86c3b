using Xunit.Abstractions;

namespace RxChain.Grpc.Tests.Peers;

/// <summary>Clients of other languages against upstream's server: the scenarios of js/scenarios.js and python/scenarios.py.</summary>
public abstract class PeerClientTests(PeerClientSuite suite)
{
    [Theory]
    [InlineData("unary")]
    [InlineData("client_streaming")]
    [InlineData("server_streaming")]
    [InlineData("duplex")]
    [InlineData("metadata")]
    [InlineData("deadline")]
    [InlineData("cancellation")]
    [InlineData("trailers_only_error")]
    [InlineData("error_after_replies")]
    [InlineData("status_details")]
    [InlineData("unimplemented")]
    [InlineData("request_too_large")]
    [InlineData("reply_too_large")]
    [InlineData("gzip")]
    [InlineData("upload_100_mebibytes")]
    [InlineData("download_100_mebibytes")]
    [InlineData("thousands_of_streams")]
    public async Task Scenario_Run_Holds(string scenario)
    {
        await suite.Client.WriteLine(scenario);

        Assert.Equal("ok", await suite.Client.ReadLine());
    }
}

/// <summary>A server and a client of another language, which runs scenarios by name.</summary>
public abstract class PeerClientSuite(IMessageSink output, string name, int budgetSeconds)
    : KestrelSuite(output, name, budgetSeconds)
{
    public PeerProcess Client { get; private set; } = null!;

    protected string Target => $"127.0.0.1:{Port}";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Client = StartClient();
    }

    public override async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await base.DisposeAsync();
    }

    protected abstract PeerProcess StartClient();
}
