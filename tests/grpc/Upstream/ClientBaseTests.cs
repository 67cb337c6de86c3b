using Grpc.Core;
using Grpc.Core.Interceptors;
using RxChain.Grpc.EchoServer;

namespace RxChain.Grpc.Tests.Upstream;

[Collection(UpstreamSuite.Name)]
public sealed class ClientBaseTests
{
    [Fact]
    public async Task WithHost_Call_NamesTheHost()
    {
        var recorder = new Recorder();
        var client = new Echo.EchoClient(recorder);

        await client.UnaryAsync(new EchoRequest());
        await client.WithHost("other").UnaryAsync(new EchoRequest());

        Assert.Equal([null, "other"], recorder.Hosts);
    }

    [Fact]
    public void NoChannel_Call_IsNotImplemented() =>
        Assert.Throws<NotImplementedException>(() => new Clientless().Unary(new EchoRequest()));

    [Fact]
    public async Task Intercept_Several_RunInOrder()
    {
        var recorder = new Recorder();
        var invoker = recorder.Intercept(new Tag("a"), new Tag("b")).Intercept(headers => [.. headers, new("by", "c")]);

        await new Echo.EchoClient(invoker).UnaryAsync(new EchoRequest());

        Assert.Equal(["c", "a", "b"], recorder.Headers!.GetAll("by").Select(entry => entry.Value));
    }

    [Fact]
    public async Task AsyncCall_WithoutState_GivesWhatItWasMadeOf()
    {
        var disposed = 0;
        var headers = new Metadata();
        using (var call = new AsyncUnaryCall<string>(
            Task.FromResult("x"), Task.FromResult(headers), () => Status.DefaultSuccess, () => headers, () => disposed++))
        {
            Assert.Equal("x", await call);
            Assert.Same(headers, await call.ResponseHeadersAsync);
            Assert.Same(headers, call.GetTrailers());
            Assert.Equal(Status.DefaultSuccess, call.GetStatus());
        }

        Assert.Equal(1, disposed);
    }

    [Fact]
    public void ServiceDefinition_Bound_GivesEachMethodOnce()
    {
        var method = new Method<string, string>(
            MethodType.Unary, "s", "m", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        UnaryServerMethod<string, string> handler = (request, _) => Task.FromResult(request);
        var builder = ServerServiceDefinition.CreateBuilder().AddMethod(method, handler);
        var binder = new NameBinder();

        builder.Build().BindService(binder);

        Assert.Equal(["/s/m"], binder.Names);
        Assert.Throws<ArgumentException>(() => builder.AddMethod(method, handler));
    }

    private sealed class Clientless : Echo.EchoClient;

    private sealed class NameBinder : ServiceBinderBase
    {
        public List<string> Names { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            Names.Add(method.FullName);
    }

    private sealed class Tag(string value) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            context.Options.Headers!.Add("by", value);
            return continuation(request, context);
        }
    }

    /// <summary>Answers unary calls with nothing and keeps what they carried.</summary>
    private sealed class Recorder : CallInvoker
    {
        public List<string?> Hosts { get; } = [];

        public Metadata? Headers { get; private set; }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            Hosts.Add(host);
            Headers = options.Headers;
            return new(
                Task.FromResult(Activator.CreateInstance<TResponse>()),
                Task.FromResult(Metadata.Empty),
                () => Status.DefaultSuccess,
                () => Metadata.Empty,
                () => { });
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
    }
}
