using RxChain.Grpc.Tests.Peers;
using Xunit.Abstractions;

namespace RxChain.Grpc.Tests.Clients;

public sealed class KestrelServerTests(KestrelServerTests.Fixture suite)
    : ClientTests(suite), IClassFixture<KestrelServerTests.Fixture>
{
    public sealed class Fixture(IMessageSink output) : KestrelSuite(output, "C# client, Kestrel server", 10);
}

public sealed class GrpcJsServerTests(GrpcJsServerTests.Fixture suite)
    : ClientTests(suite), IClassFixture<GrpcJsServerTests.Fixture>
{
    public sealed class Fixture(IMessageSink output) : GrpcJsServerSuite(output, "C# client, grpc-js server", 10);
}
