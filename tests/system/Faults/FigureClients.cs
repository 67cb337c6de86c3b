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
/// Clients of a hospital and a pharmacy, each at its own node, that put prescriptions through Issue, Claim and Dispense, one
/// submit after the other, each until it is final. Signed before the clock starts.
/// </summary>
internal sealed class FigureClients : IDisposable
{
    private const long DayMs = 86_400_000;

    private readonly string _network, _hospital, _pharmacy;
    private readonly Func<string, NodeClient> _connect;
    private readonly P256PrivateKey _hospitalKey, _pharmacyKey;
    private readonly Person _prescriber = new(), _pharmacist = new();
    private readonly ConcurrentQueue<Envelope[]> _courses = new();

    public FigureClients(string network, (string Name, P256PrivateKey Key) hospital, (string Name, P256PrivateKey Key) pharmacy, Func<string, NodeClient> connect)
    {
        (_network, _connect) = (network, connect);
        (_hospital, _hospitalKey) = hospital;
        (_pharmacy, _pharmacyKey) = pharmacy;
    }

    /// <summary>Registers who acts, by the regulator.</summary>
    public async Task RegisterAsync(string regulator, P256PrivateKey key)
    {
        using var client = _connect(regulator);
        foreach (var (person, profession, at) in new[] { (_prescriber, Profession.Prescriber, _hospital), (_pharmacist, Profession.Pharmacist, _pharmacy) })
        {
            var draft = Draft(regulator, Role.Regulator, ByteString.Empty, 1, default);
            draft.RegisterPractitioner = person.Registration(_network, profession, at);
            await client.SubmitAsync(Sign(draft, key, null));
        }
    }

    /// <summary>Signs so many prescriptions.</summary>
    public void Prepare(int courses) => Parallel.For(0, courses, _ => _courses.Enqueue(Sign()));

    /// <summary>Runs so many clients at once until the time is over or nothing is left.</summary>
    public async Task<Figures> RunAsync(int clients, TimeSpan time, bool retry = false)
    {
        var clock = Stopwatch.StartNew();
        var answers = new ConcurrentBag<(double AtMs, double TookMs)>();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using NodeClient hospital = _connect(_hospital), pharmacy = _connect(_pharmacy);
            while (clock.Elapsed < time && _courses.TryDequeue(out var course))
            {
                for (int i = 0; i < course.Length; i++)
                {
                    double from = clock.Elapsed.TotalMilliseconds;
                    while (!await TryAsync(i == 0 ? hospital : pharmacy, course[i], retry))
                        await Task.Delay(20);
                    answers.Add((clock.Elapsed.TotalMilliseconds, clock.Elapsed.TotalMilliseconds - from));
                }
            }
        })));
        return new Figures([.. answers.OrderBy(a => a.AtMs)]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hospitalKey.Dispose();
        _pharmacyKey.Dispose();
    }

    private static async Task<bool> TryAsync(NodeClient client, Envelope envelope, bool retry)
    {
        try
        {
            await client.Prescriptions.SubmitEventAsync(
                new SubmitEventRequest { Envelope = ByteString.CopyFrom(envelope.Bytes), Commitment = Commitment.Final },
                deadline: retry ? DateTime.UtcNow.AddSeconds(3) : null);
            return true;
        }
        catch (RpcException e) when (retry && e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            return false;
        }
    }

    private Envelope[] Sign()
    {
        var (id, patient) = (Person.RandomBytes(16), new Person());
        var issue = Draft(_hospital, Role.Hospital, id, 1, default);
        issue.Issue = new Issue
        {
            Lines = { new Line { Commitment = Person.RandomBytes(32), Units = 2 } },
            NotBeforeMs = issue.TimeMs - DayMs,
            NotAfterMs = issue.TimeMs + 30 * DayMs,
            ContentCommitment = Person.RandomBytes(32),
            TokenKey = patient.PublicKey,
        };
        var issued = Sign(issue, _hospitalKey, _prescriber);
        var claim = Draft(_pharmacy, Role.Pharmacy, id, 2, issued.EventId);
        claim.Claim = new Claim { ClaimNumber = 1, Token = patient.Token(_network, id, _pharmacy, 1) };
        var claimed = Sign(claim, _pharmacyKey, null);
        var dispense = Draft(_pharmacy, Role.Pharmacy, id, 3, claimed.EventId);
        dispense.Dispense = new Dispense
        {
            Items = { new DispensedItem { FulfilsUnits = 2, ProductCommitment = Person.RandomBytes(32) } },
            ContentCommitment = Person.RandomBytes(32),
        };
        return [issued, claimed, Sign(dispense, _pharmacyKey, _pharmacist)];
    }

    private static Event Draft(string member, Role role, ByteString id, uint sequence, Hash32 previous) => new()
    {
        PrescriptionId = id,
        Organisation = member,
        Role = role,
        TimeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        Sequence = sequence,
        PreviousEventId = sequence == 1 ? ByteString.Empty : ByteString.CopyFrom(previous.Span),
    };

    private Envelope Sign(Event draft, P256PrivateKey organisation, Person? responsible)
    {
        draft.ResponsibleId = responsible?.Id ?? ByteString.Empty;
        P256PrivateKey[] keys = responsible is null ? [organisation] : [organisation, responsible.Key];
        var built = PreparedEvent.Build(draft, _network, [.. keys.Select(key => new EventSigner(key))]);
        return new Envelope(built.EventId, SignedEvent.Encode(built.Payload.Span, [.. keys.Select(key => key.SignDigest(built.EventId))]));
    }
}

/// <summary>When each submit was answered, and how long it took, in ms.</summary>
internal sealed record Figures(IReadOnlyList<(double AtMs, double TookMs)> Answers)
{
    /// <summary>Final events in a second.</summary>
    public double PerSecond => Answers.Count / (Answers[^1].AtMs / 1000);

    /// <summary>The longest time without any answer, in ms.</summary>
    public double LongestGapMs => Answers.Zip(Answers.Skip(1)).Max(pair => pair.Second.AtMs - pair.First.AtMs);

    /// <summary>So large a share of the submits took no longer, in ms.</summary>
    public double Percentile(double share) => Answers.Select(a => a.TookMs).Order().ElementAt((int)(share * (Answers.Count - 1)));

    /// <inheritdoc/>
    public override string ToString() => $"{PerSecond,7:F0} final events/s, p50 {Percentile(0.5),6:F1} ms, p99 {Percentile(0.99),6:F1} ms";
}
