using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using RxChain.Engine;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Hosting;
using RxChain.Protocol.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace RxChain.GrpcApi;

/// <summary>
/// The standard health service: what is mapped is serving, until the node is told to stop or has stopped itself. Reads go on
/// while the ordering is down.
/// </summary>
internal sealed class HealthRpcs(ILedgerNode node, IHostApplicationLifetime host, Streams streams) : Health.HealthBase
{
    private static readonly string[] Services =
        ["", PrescriptionService.Descriptor.FullName, LedgerService.Descriptor.FullName, Health.Descriptor.FullName];

    private ServingStatus Status => node.Completion.IsCompleted || host.ApplicationStopping.IsCancellationRequested
        ? ServingStatus.NotServing : ServingStatus.Serving;

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Services.Contains(request.Service)
            ? Task.FromResult(new HealthCheckResponse { Status = Status })
            : throw RpcErrors.NotFound($"no service is called {request.Service}");

    public override Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context) =>
        streams.RunAsync(responseStream, context, async (responses, ends) =>
        {
            bool isKnown = Services.Contains(request.Service);
            var told = isKnown ? Status : ServingStatus.ServiceUnknown;
            await responses.WriteAsync(new HealthCheckResponse { Status = told });
            if (told == ServingStatus.Serving)
            {
                await node.Completion.WaitAsync(ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (Status != told)
                    await responses.WriteAsync(new HealthCheckResponse { Status = Status });
            }
            await Task.Delay(Timeout.Infinite, ends);
        });
}
