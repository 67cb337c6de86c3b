using Grpc.Net.Client;
using RxChain.Grpc.EchoServer;
using RxChain.Grpc.Tests.Peers;
using Xunit.Abstractions;

namespace RxChain.Grpc.Tests.Hostile;

/// <summary>A server that is attacked, and the check that it took no harm.</summary>
public sealed class HostileSuite(IMessageSink output) : KestrelSuite(output, "Hostile peers", 20)
{
    /// <summary>The heap that EchoServer may have, and what the runtime needs besides.</summary>
    private const long MemoryLimitBytes = 400L << 20;

    /// <summary>The server answers, and never used more memory than the limit.</summary>
    public async Task AssertUnharmed()
    {
        await Cancelled();
        Assert.InRange(Process.PeakMemoryBytes, 1, MemoryLimitBytes);
    }

    /// <summary>How many hung calls the server has seen being cancelled, once there are so many.</summary>
    public async Task<long> Cancelled(long atLeast = 0)
    {
        using var channel = GrpcChannel.ForAddress(Address);
        var request = new ObserveRequest { WaitForCancelled = atLeast };
        return (await new Echo.EchoClient(channel).ObserveAsync(request, deadline: DateTime.UtcNow.AddSeconds(20))).Cancelled;
    }
}

/// <summary>All attacks go, one after another, at the same server.</summary>
[CollectionDefinition(Name)]
public sealed class HostileCollection : ICollectionFixture<HostileSuite>
{
    public const string Name = "Hostile";
}
