using Grpc.Core;
using RxChain.Ledger.Tlog;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Processes;

namespace RxChain.SystemTests.Crash;

/// <summary>
/// Writers that put prescriptions through their whole course, each by a stream of its own, half of them asking for FINAL,
/// until the node goes. Remembers what was acknowledged and what was sent but never answered.
/// </summary>
internal sealed class Load(NodeClient node, Clerk clerk)
{
    private const int Writers = 6;
    private const int CoursesAtOnce = 8;

    private readonly Lock _lock = new();
    private readonly List<Acknowledged> _acknowledged = [];
    private readonly List<Envelope> _unanswered = [];
    private SignedCheckpoint? _final;

    /// <summary>What was acknowledged.</summary>
    public IReadOnlyList<Acknowledged> Acknowledged => _acknowledged;

    /// <summary>What was sent and never answered: none of it follows another.</summary>
    public IReadOnlyList<Envelope> Unanswered => _unanswered;

    /// <summary>The largest final checkpoint that was served.</summary>
    public SignedCheckpoint? Final => _final;

    /// <summary>Leaves that were said to be final, and their seal.</summary>
    public long FinalSize { get; private set; }

    /// <summary>Runs until the node is gone.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, Writers).Select(writer =>
        Task.Run(() => WriteAsync(writer % 2 == 0 ? Commitment.Final : Commitment.Ordered))));

    private async Task WriteAsync(Commitment commitment)
    {
        using var stream = node.OpenBulk();
        try
        {
            while (true)
            {
                var courses = Enumerable.Range(0, CoursesAtOnce).Select(_ => new Course(clerk)).ToList();
                await SubmitAsync(stream, commitment, courses.ConvertAll(course => course.Issue()));
                await SubmitAsync(stream, commitment, courses.ConvertAll(course => course.Claim()));
                await SubmitAsync(stream, commitment, courses.ConvertAll(course => course.Dispense()));
            }
        }
        catch (Exception e) when (e is RpcException or IOException or InvalidOperationException)
        {
            // The node is gone.
        }
    }

    private async Task SubmitAsync(BulkStream stream, Commitment commitment, List<Envelope> envelopes)
    {
        IReadOnlyList<Acknowledged> answers;
        try
        {
            answers = await stream.SubmitAsync(commitment, envelopes);
        }
        catch
        {
            lock (_lock)
                _unanswered.AddRange(envelopes);
            throw;
        }
        lock (_lock)
        {
            _acknowledged.AddRange(answers);
            if (commitment == Commitment.Final)
                FinalSize = Math.Max(FinalSize, answers.Max(a => a.LeafIndex) + 1);
        }
        if (commitment == Commitment.Final)
            await SeeCheckpointAsync(answers.Max(a => a.LeafIndex));
    }

    private async Task SeeCheckpointAsync(long finalLeaf)
    {
        var checkpoint = await node.CheckpointAsync();
        Assert.True(checkpoint.Checkpoint.Size > finalLeaf, $"leaf {finalLeaf} was said to be final, but the checkpoint has {checkpoint.Checkpoint.Size} leaves");
        lock (_lock)
        {
            if (_final is null || _final.Checkpoint.Size < checkpoint.Checkpoint.Size)
                _final = checkpoint;
        }
    }
}
