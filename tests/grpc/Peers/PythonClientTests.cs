using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using RxChain.Grpc.EchoServer;
using Xunit.Abstractions;

namespace RxChain.Grpc.Tests.Peers;

public sealed class PythonClientTests(PythonClientTests.Fixture suite)
    : PeerClientTests(suite), IClassFixture<PythonClientTests.Fixture>
{
    public sealed class Fixture(IMessageSink output) : PeerClientSuite(output, "grpc-python client", 10)
    {
        private readonly string _descriptorSetPath = Path.GetTempFileName();

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            File.Delete(_descriptorSetPath);
        }

        // Debian's own Python, which has Debian's grpcio; another may come first on the path.
        protected override PeerProcess StartClient()
        {
            File.WriteAllBytes(_descriptorSetPath, DescriptorSet().ToByteArray());
            return PeerProcess.Start("/usr/bin/python3", "python/client.py", Target, _descriptorSetPath);
        }

        private static FileDescriptorSet DescriptorSet()
        {
            FileDescriptor[] roots =
                [EchoReflection.Descriptor, StatusReflection.Descriptor, ErrorDetailsReflection.Descriptor];
            var files = roots.SelectMany(root => root.Dependencies.Append(root));
            return new FileDescriptorSet { File = { files.Select(file => file.ToProto()) } };
        }
    }
}
