using Grpc.Core;
using Grpc.Health.V1;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Hosting;
using RxChain.Protocol.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace RxChain.GrpcApi;

/// <summary>The standard health service: what is mapped is serving. Reads go on while the ordering is down.</summary>
internal sealed class HealthRpcs(Streams streams) : Health.HealthBase
{
    private static readonly string[] Services =
        ["", PrescriptionService.Descriptor.FullName, LedgerService.Descriptor.FullName, Health.Descriptor.FullName];

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Services.Contains(request.Service)
            ? Task.FromResult(new HealthCheckResponse { Status = ServingStatus.Serving })
            : throw RpcErrors.NotFound($"no service is called {request.Service}");

    public override Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context) =>
        streams.RunAsync(responseStream, context, async (responses, ends) =>
        {
            var status = Services.Contains(request.Service) ? ServingStatus.Serving : ServingStatus.ServiceUnknown;
            await responses.WriteAsync(new HealthCheckResponse { Status = status });
            await Task.Delay(Timeout.Infinite, ends);
        });
}
