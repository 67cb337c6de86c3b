using Grpc.Core;
using RxChain.Engine;
using RxChain.Engine.Ports;
using RxChain.GrpcApi.Errors;
using RxChain.GrpcApi.Hosting;
using RxChain.GrpcApi.Reading;
using RxChain.GrpcApi.Submission;
using RxChain.Prescriptions.State;
using RxChain.Protocol.V1;

namespace RxChain.GrpcApi;

/// <summary>PrescriptionService on a node: each rpc hands over to the class that does it.</summary>
internal sealed class PrescriptionRpcs(
    ILedgerNode node, ILookupIndex index, EventSubmitter submitter, EventRecorder recorder, Streams streams)
    : PrescriptionService.PrescriptionServiceBase
{
    public override Task<PrepareEventResponse> PrepareEvent(PrepareEventRequest request, ServerCallContext context) =>
        Task.FromResult(new EventPreparer(node).Prepare(request.Draft));

    public override async Task<SubmitEventResponse> SubmitEvent(SubmitEventRequest request, ServerCallContext context) =>
        Unwrap(await submitter.SubmitAsync(
            request.Envelope.Memory, request.RequestId, request.Commitment, context.CancellationToken));

    public override async Task<SubmitEventResponse> RecordEvent(RecordEventRequest request, ServerCallContext context) =>
        Unwrap(await recorder.RecordAsync(request, context.CancellationToken));

    public override Task SubmitEvents(
        IAsyncStreamReader<SubmitEventsRequest> requestStream,
        IServerStreamWriter<SubmitEventsResponse> responseStream,
        ServerCallContext context) =>
        streams.RunAsync(responseStream, context, (responses, ends) =>
            new BulkSubmitter(submitter).RunAsync(requestStream, responses, ends));

    public override Task<GetPrescriptionResponse> GetPrescription(GetPrescriptionRequest request, ServerCallContext context)
    {
        if (request.PrescriptionId.Length != PrescriptionView.IdBytes)
            throw RpcErrors.Malformed($"prescription_id: {request.PrescriptionId.Length} bytes, not {PrescriptionView.IdBytes}");
        return Task.FromResult(new GetPrescriptionResponse
        {
            Prescription = PrescriptionView.Read(node, request.PrescriptionId)
                ?? throw RpcErrors.NotFound("no prescription of this id was issued"),
            Proof = request.IncludeProof
                ? StateProofs.Create(node, EntityKind.Prescription, request.PrescriptionId)
                : null,
        });
    }

    public override Task<GetHistoryResponse> GetHistory(GetHistoryRequest request, ServerCallContext context) =>
        Task.FromResult(new HistoryReader(node).Read(request));

    public override Task WatchEvents(
        WatchEventsRequest request, IServerStreamWriter<WatchEventsResponse> responseStream, ServerCallContext context) =>
        streams.RunAsync(responseStream, context, (responses, ends) =>
            new EventWatcher(node, index).RunAsync(request, responses, ends));

    public override Task<ListPrescriptionsResponse> ListPrescriptions(
        ListPrescriptionsRequest request, ServerCallContext context) =>
        Task.FromResult(new PrescriptionLister(node, index).List(request));

    private static SubmitEventResponse Unwrap(BulkResult result) =>
        result.Accepted ?? throw RpcErrors.ToException(result.Error);
}
