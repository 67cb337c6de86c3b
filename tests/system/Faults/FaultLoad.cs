using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using RxChain.Client;
using RxChain.Ledger;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions.Events;
using RxChain.Protocol.V1;
using RxChain.SystemTests.Network;
using RxChain.SystemTests.Processes;
using Commitment = RxChain.Protocol.V1.Commitment;

namespace RxChain.SystemTests.Faults;

/// <summary>
/// Several clients under constant load while nodes and ordering members fail: prescriptions for which two pharmacies race,
/// each through a node of its own, then a dispense that races a cancellation. An act without an answer is submitted again,
/// the same bytes, at any node. After each answer the prescription is read, at the node that answered and at another. All is recorded.
/// </summary>
internal sealed class FaultLoad(NetworkProcesses network, int seed) : IDisposable
{
    private static readonly TimeSpan CallPatience = TimeSpan.FromSeconds(8);
    private static readonly string[] Pharmacies = ["pharmacy-1", "pharmacy-2"];

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<string, P256PrivateKey> _keys = network.Members.ToDictionary(m => m, network.OrganisationKey);
    private readonly Person _prescriber = new(), _pharmacist = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Each prescription's acts and readings.</summary>
    public ConcurrentBag<Course> Courses { get; } = [];

    /// <summary>Acts that were acknowledged as final, accepted or refused, with the leaf that was named.</summary>
    public ConcurrentBag<Acknowledged> Acknowledged { get; } = [];

    /// <summary>Registers who acts.</summary>
    public async Task RegisterAsync()
    {
        var course = new Recording(this, new Random(seed));
        await course.MustAsync("regulator", Role.Regulator, e => e.RegisterPractitioner = _prescriber.Registration(network.Origin, Profession.Prescriber, "hospital"));
        await course.MustAsync("regulator", Role.Regulator, e => e.RegisterPractitioner = _pharmacist.Registration(network.Origin, Profession.Pharmacist, Pharmacies));
    }

    /// <summary>Runs so many clients until stopped.</summary>
    public Task RunAsync(int clients) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
    {
        var random = new Random(seed * 1000 + client);
        while (!_stopping.IsCancellationRequested)
        {
            var course = new Recording(this, random);
            await course.PlayAsync();
            Courses.Add(course.Course);
        }
    })));

    /// <summary>Lets each client finish what it does.</summary>
    public void Stop() => _stopping.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
        _stopping.Dispose();
    }

    private long Now => _clock.ElapsedTicks;

    /// <summary>One prescription.</summary>
    private sealed class Recording(FaultLoad load, Random random)
    {
        private readonly ByteString _id = Person.RandomBytes(16);
        private readonly Person _patient = new();
        private readonly List<Act> _acts = [];
        private readonly ConcurrentBag<Reading> _readings = [];

        public Course Course => new(_acts, _readings);

        public async Task MustAsync(string member, Role role, Action<Event> act)
        {
            var draft = Draft(member, role, act, 1, default);
            draft.PrescriptionId = ByteString.Empty;
            Assert.Equal(Answer.Accepted, (await SubmitAsync(draft, null)).Answer);
        }

        public async Task PlayAsync()
        {
            var issue = await SubmitAsync(Draft("hospital", Role.Hospital, e => e.Issue = SampleActs.Issue(e.TimeMs, _patient), 1, default), load._prescriber);
            if (issue.Answer != Answer.Accepted)
                return;
            // Two pharmacies race for it.
            var claims = await Task.WhenAll(Pharmacies.Select(p => SubmitAsync(Draft(p, Role.Pharmacy, e => Claim(e, p, 1), 2, issue.Id), null)));
            int holder = Array.FindIndex(claims, c => c.Answer == Answer.Accepted);
            if (holder < 0)
                return;
            // Now and then the hospital cancels while the holder dispenses.
            var ends = new List<Task<Act>> { SubmitAsync(Draft(Pharmacies[holder], Role.Pharmacy, e => e.Dispense = SampleActs.Dispense(), 3, claims[holder].Id), load._pharmacist) };
            if (random.Next(3) == 0)
                ends.Add(SubmitAsync(Draft("hospital", Role.Hospital, e => e.Cancel = new Cancel { ReasonCode = 1 }, 3, claims[holder].Id), null));
            await Task.WhenAll(ends);
        }

        private void Claim(Event e, string pharmacy, uint number) =>
            e.Claim = new Claim { ClaimNumber = number, Token = _patient.Token(load.Origin, _id, pharmacy, number) };

        private Event Draft(string member, Role role, Action<Event> act, uint sequence, Hash32 previous)
        {
            var draft = new Event
            {
                PrescriptionId = _id,
                Organisation = member,
                Role = role,
                TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
                Sequence = sequence,
                PreviousEventId = sequence == 1 ? ByteString.Empty : ByteString.CopyFrom(previous.Span),
            };
            act(draft);
            return draft;
        }

        private async Task<Act> SubmitAsync(Event draft, Person? responsible)
        {
            P256PrivateKey[] keys = [load._keys[draft.Organisation], .. responsible is null ? Array.Empty<P256PrivateKey>() : [responsible.Key]];
            draft.ResponsibleId = responsible?.Id ?? ByteString.Empty;
            var built = PreparedEvent.Build(draft, load.Origin, [.. keys.Select(key => new EventSigner(key))]);
            byte[] envelope = SignedEvent.Encode(built.Payload.Span, [.. keys.Select(key => key.SignDigest(built.EventId))]);
            var previous = draft.PreviousEventId.IsEmpty ? default : new Hash32(draft.PreviousEventId.Span);
            var act = new Act(built.EventId, draft.Sequence, previous, load.Now);
            lock (_acts)
                _acts.Add(act);
            for (int tries = 0; tries < 40; tries++)
            {
                string member = AnyMember();
                if (await load.TryAsync(member, act, envelope) is { } leaf)
                {
                    if (!draft.PrescriptionId.IsEmpty)
                        await Task.WhenAll(ReadAsync(member, leaf + 1), ReadAsync(AnyMember(), 0));
                    break;
                }
                await Task.Delay(random.Next(50, 400));
            }
            return act;
        }

        private string AnyMember()
        {
            lock (random)
                return load.Members[random.Next(load.Members.Count)];
        }

        private async Task ReadAsync(string member, long atLeast)
        {
            try
            {
                using var client = load.Client(member);
                var read = await client.Prescriptions.GetPrescriptionAsync(
                    new GetPrescriptionRequest { PrescriptionId = _id }, deadline: DateTime.UtcNow + CallPatience);
                _readings.Add(new Reading(new Hash32(read.Prescription.Head.EventId.Span), read.Prescription.Size, atLeast));
            }
            catch (Exception e) when (IsNoAnswer(e) || (atLeast == 0 && e is RpcException { StatusCode: StatusCode.NotFound }))
            {
                // The node is down, or knows nothing of the prescription yet.
            }
        }
    }

    private string Origin => network.Origin;

    private IReadOnlyList<string> Members => network.Members;

    private NodeClient Client(string member) => network.Client(member);

    // The leaf; null when there was no answer.
    private async Task<long?> TryAsync(string member, Act act, byte[] envelope)
    {
        try
        {
            using var client = network.Client(member);
            var response = await client.Prescriptions.SubmitEventAsync(
                new SubmitEventRequest { Envelope = ByteString.CopyFrom(envelope), Commitment = Commitment.Final },
                deadline: DateTime.UtcNow + CallPatience);
            return Answered(act, Answer.Accepted, response.LeafIndex, response.Duplicate);
        }
        catch (RpcException e) when (LedgerError.From(e) is { Reason: "STALE" } stale)
        {
            return Answered(act, Answer.Stale, long.Parse(stale.Metadata["leaf_index"], System.Globalization.CultureInfo.InvariantCulture), false);
        }
        catch (RpcException e) when (LedgerError.From(e) is { } other && e.StatusCode is not (StatusCode.Unavailable or StatusCode.ResourceExhausted))
        {
            throw new InvalidOperationException($"{member} refused an act that should be accepted or stale: {other.Reason}: {e.Status.Detail}");
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            return null;
        }
    }

    // The node is down, cut off, or did not answer in time.
    private static bool IsNoAnswer(Exception e) =>
        e is KeyNotFoundException or ObjectDisposedException
        || (e is RpcException rpc && (LedgerError.From(rpc) is null || rpc.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted));

    private long Answered(Act act, Answer answer, long leaf, bool duplicate)
    {
        act.Return(answer, Now);
        Acknowledged.Add(new Acknowledged(act.Id, leaf, duplicate));
        return leaf;
    }
}
