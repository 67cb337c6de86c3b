using Grpc.Core;

namespace RxChain.Grpc.Tests.Upstream;

[Collection(UpstreamSuite.Name)]
public sealed class CallOptionsTests
{
    [Fact]
    public void Default_Options_AreUnset()
    {
        var options = default(CallOptions);

        Assert.Null(options.Headers);
        Assert.Null(options.Deadline);
        Assert.Null(options.WriteOptions);
        Assert.Null(options.PropagationToken);
        Assert.Null(options.Credentials);
        Assert.False(options.IsWaitForReady);
    }

    [Fact]
    public void With_EachOption_ChangesACopy()
    {
        using var cancellation = new CancellationTokenSource();
        var headers = new Metadata();
        var write = new WriteOptions(WriteFlags.NoCompress);
        var credentials = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);
        var before = new CallOptions();

        var after = before
            .WithHeaders(headers)
            .WithDeadline(DateTime.UnixEpoch)
            .WithCancellationToken(cancellation.Token)
            .WithWriteOptions(write)
            .WithCredentials(credentials)
            .WithWaitForReady();

        Assert.Equal(default, before);
        Assert.Same(headers, after.Headers);
        Assert.Equal(DateTime.UnixEpoch, after.Deadline);
        Assert.Equal(cancellation.Token, after.CancellationToken);
        Assert.Same(write, after.WriteOptions);
        Assert.Same(credentials, after.Credentials);
        Assert.True(after.IsWaitForReady);
        Assert.False(after.WithWaitForReady(false).IsWaitForReady);
    }
}
