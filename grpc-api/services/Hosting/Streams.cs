using Grpc.Core;
using Microsoft.Extensions.Hosting;
using RxChain.GrpcApi.Errors;

namespace RxChain.GrpcApi.Hosting;

/// <summary>How long a stream waits for its reader.</summary>
/// <param name="Patience">After this long without taking a message, a reader loses its stream.</param>
public sealed record StreamLimits(TimeSpan Patience)
{
    /// <summary>One minute.</summary>
    public static StreamLimits Default { get; } = new(TimeSpan.FromMinutes(1));
}

/// <summary>Runs streams until they are done, their caller goes away, or the node stops.</summary>
internal sealed class Streams(StreamLimits limits, IHostApplicationLifetime host)
{
    /// <summary>Runs one stream. When the node stops, it ends with UNAVAILABLE, reason NODE_STOPPING.</summary>
    public async Task RunAsync<T>(
        IServerStreamWriter<T> stream, ServerCallContext context, Func<PatientWriter<T>, CancellationToken, Task> body)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, host.ApplicationStopping);
        // A write that is cancelled resets the stream without a reason: stopping does not cancel writes.
        using var writer = new PatientWriter<T>(stream, limits.Patience, context.CancellationToken);
        using var hurry = host.ApplicationStopping.Register(writer.Hurry);
        try
        {
            await body(writer, ends.Token);
        }
        catch (OperationCanceledException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            throw RpcErrors.Exception(StatusCode.Unavailable, "NODE_STOPPING", "the node is stopping");
        }
    }
}
