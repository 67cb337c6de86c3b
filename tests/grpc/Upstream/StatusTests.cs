using Grpc.Core;

namespace RxChain.Grpc.Tests.Upstream;

[Collection(UpstreamSuite.Name)]
public sealed class StatusTests
{
    [Fact]
    public void Equality_SameParts_IsEqual()
    {
        var cause = new InvalidOperationException();

        Assert.Equal(Status.DefaultSuccess, new Status(StatusCode.OK, ""));
        Assert.Equal(new Status(StatusCode.Internal, "a", cause), new Status(StatusCode.Internal, "a", cause));
        Assert.NotEqual(new Status(StatusCode.Internal, "a"), new Status(StatusCode.Internal, "b"));
        Assert.NotEqual(new Status(StatusCode.Internal, "a"), new Status(StatusCode.Unknown, "a"));
    }

    [Fact]
    public void ToString_WithAndWithoutCause_NamesAllParts()
    {
        Assert.Equal(
            "Status(StatusCode=\"NotFound\", Detail=\"x\")", new Status(StatusCode.NotFound, "x").ToString());
        Assert.Equal(
            "Status(StatusCode=\"Internal\", Detail=\"x\", DebugException=\"System.IO.IOException: y\")",
            new Status(StatusCode.Internal, "x", new IOException("y")).ToString());
    }

    [Fact]
    public void RpcException_OfStatus_CarriesIt()
    {
        var cause = new InvalidOperationException();
        var status = new Status(StatusCode.Aborted, "x", cause);

        var exception = new RpcException(status);

        Assert.Equal(status.ToString(), exception.Message);
        Assert.Same(cause, exception.InnerException);
        Assert.Equal(StatusCode.Aborted, exception.StatusCode);
        Assert.Empty(exception.Trailers);
    }

    [Fact]
    public void RpcException_WithMessageAndTrailers_KeepsThem()
    {
        var trailers = new Metadata { { "a", "b" } };

        var exception = new RpcException(Status.DefaultCancelled, trailers, "m");

        Assert.Equal("m", exception.Message);
        Assert.Same(trailers, exception.Trailers);
        Assert.Equal("m", new RpcException(Status.DefaultCancelled, "m").Message);
        Assert.Throws<ArgumentNullException>(() => new RpcException(Status.DefaultCancelled, (Metadata)null!));
    }
}
