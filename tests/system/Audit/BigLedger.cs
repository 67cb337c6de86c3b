using Google.Protobuf;
using RxChain.Ledger;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Keys;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Ledger.Tlog;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;

namespace RxChain.SystemTests.Audit;

/// <summary>
/// Makes a ledger of any number of events as fast as this machine signs: Issue, Claim with a token of its own, and
/// Dispense, of prescriptions in groups of a thousand, in batches as full as they go.
/// </summary>
internal sealed class BigLedger
{
    private const int GroupSize = 1000;
    private const int People = 20;
    private const long NowMs = FixedNetwork.CreatedMs + 60_000;

    private static readonly Dictionary<string, (P256PrivateKey Key, ByteString Id)> Signers =
        new[] { FixedNetwork.Hospital, FixedNetwork.PharmacyA, FixedNetwork.Regulator }
            .Concat(Enumerable.Range(0, People).SelectMany(i => new[] { $"prescriber {i}", $"pharmacist {i}" }))
            .ToDictionary(name => name, name => (FixedKeys.P256(name), ByteString.CopyFrom(FixedKeys.KeyIdOf(name))));

    private readonly ChainHead _head = new();
    private readonly BlockExecutor _executor;
    private readonly List<byte[]> _leaves = [];
    private ulong _position;

    private BigLedger()
    {
        var policy = FixedNetwork.Policy();
        policy.BucketBits = 20;
        _executor = new BlockExecutor(new StateMap(20, new NoBuckets()), _head);
        Take(_executor.Begin(FixedNetwork.Genesis() with { Policy = policy }));
        var story = new Story { NowMs = NowMs };
        for (int i = 0; i < People; i++)
            Block([story.Register($"prescriber {i}", Profession.Prescriber, FixedNetwork.Hospital), story.Register($"pharmacist {i}", Profession.Pharmacist, FixedNetwork.PharmacyA)]);
    }

    /// <summary>Writes a tile directory of at least so many events.</summary>
    public static void Write(string directory, int events)
    {
        var ledger = new BigLedger();
        for (int first = 0; first * 3 < events; first += GroupSize)
            ledger.AddGroup(first);
        var checkpoint = new Checkpoint(FixedNetwork.Origin, ledger._head.Size, ledger._head.Tree.Root);
        SampleLedger.Write(directory, SampleLedger.Files(ledger._leaves, FixedNetwork.Sign(checkpoint, 1, FixedNetwork.Validators[..3])));
    }

    private void AddGroup(int first)
    {
        var acts = new SignedEvent[3][];
        for (int i = 0; i < acts.Length; i++)
            acts[i] = new SignedEvent[GroupSize];
        Parallel.For(0, GroupSize, i => (acts[0][i], acts[1][i], acts[2][i]) = Lifecycle(first + i));
        var batch = new List<SignedEvent>();
        int size = 0;
        foreach (var e in acts.SelectMany(kind => kind))
        {
            size += e.Bytes.Length + Batch.OverheadPerEnvelopeBytes;
            if (size > Batch.MaxSizeBytes - 512)
            {
                Block(batch);
                batch.Clear();
                size = e.Bytes.Length;
            }
            batch.Add(e);
        }
        Block(batch);
    }

    private void Block(IReadOnlyList<SignedEvent> events)
    {
        var header = new BatchHeader
        {
            Network = FixedNetwork.Origin,
            Epoch = 0,
            BaseHeight = _head.Height,
            BaseSealHash = _head.SealHash,
            ClockMs = NowMs + _head.Height + 1,
            Proposer = FixedNetwork.Validators[(int)(_head.Height % 4)],
            EnvelopeHashes = [.. events.Select(e => e.EnvelopeHash)],
        };
        var batch = Batch.Create(TestLedger.SignHeader(header, header.Proposer), header, events);
        var checkedEvents = events.Select(e => new CheckedEvent(e, SignatureVerdict.Valid, e.Event.Claim is not null)).ToArray();
        Take(_executor.Execute(new CheckedBatch(batch, checkedEvents), ++_position, out string reason) ?? throw new InvalidOperationException(reason));
    }

    private void Take(ExecutedBlock block) => _leaves.AddRange(block.Leaves.Select(leaf => leaf.ToArray()));

    private static (SignedEvent Issue, SignedEvent Claim, SignedEvent Dispense) Lifecycle(int number)
    {
        using var token = P256PrivateKey.Generate();
        var key = ByteString.CopyFrom(token.PublicKey.Encoded);
        var id = Story.Id($"prescription {number}");
        string prescriber = $"prescriber {number % People}", pharmacist = $"pharmacist {number / 7 % People}";
        var issue = Sign(Act(id, FixedNetwork.Hospital, Role.Hospital, prescriber, null), e => e.Issue = new Issue
        {
            Lines = { new Line { Commitment = Story.Hash("line"), Units = 30 }, new Line { Commitment = Story.Hash("other line"), Units = 10 } },
            NotBeforeMs = FixedNetwork.CreatedMs,
            NotAfterMs = FixedNetwork.CreatedMs + 30L * 86_400_000,
            ContentCommitment = Story.Hash("content"),
            TokenKey = key,
        });
        var claim = Sign(Act(id, FixedNetwork.PharmacyA, Role.Pharmacy, null, issue), e =>
        {
            byte[] body = Statements.ClaimBody(e.Network, e.PrescriptionId.Span, e.Organisation, 1);
            var signature = token.SignDigest(Dsse.Digest(Statements.Claim, body));
            e.Claim = new Claim { ClaimNumber = 1, Token = new TokenAuthority { TokenKey = key, Signature = ByteString.CopyFrom(signature) } };
        });
        var pack = new PackUse { PackMac = Story.Hash($"pack {number}"), KeyVersion = 1, Content = 30, Taken = 30 };
        var dispense = Sign(Act(id, FixedNetwork.PharmacyA, Role.Pharmacy, pharmacist, claim), e => e.Dispense = new Dispense
        {
            Items = { new DispensedItem { FulfilsUnits = 30, ProductCommitment = Story.Hash("product"), Packs = { pack } } },
            ContentCommitment = Story.Hash("record"),
        });
        return (issue, claim, dispense);
    }

    private static Event Act(ByteString id, string organisation, Role role, string? practitioner, SignedEvent? previous)
    {
        var act = new Event
        {
            Network = FixedNetwork.Origin,
            PrescriptionId = id,
            Organisation = organisation,
            Role = role,
            TimeMs = NowMs,
            KeyIds = { Signers[organisation].Id },
            Sequence = previous is null ? 1 : previous.Event.Sequence + 1,
            PreviousEventId = previous is null ? ByteString.Empty : ByteString.CopyFrom(previous.EventId.Span),
        };
        if (practitioner is not null)
        {
            act.ResponsibleId = Story.Id(practitioner);
            act.KeyIds.Add(Signers[practitioner].Id);
        }
        return act;
    }

    private static SignedEvent Sign(Event act, Action<Event> complete)
    {
        complete(act);
        byte[] payload = act.ToByteArray();
        var id = Dsse.EventId(payload);
        return Story.Parse(SignedEvent.Encode(payload, [.. act.KeyIds.Select(k => Signers.Values.First(s => s.Id == k).Key.SignDigest(id))]));
    }

    private sealed class NoBuckets : IBucketReader
    {
        public byte[]? ReadBucket(uint bucket) => null;
    }
}
