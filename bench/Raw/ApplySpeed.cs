using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using RxChain.Bench.Workload;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Keys;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Bench.Raw;

/// <summary>What the rules cost alone: the contract over a state in memory of 500,000 prescriptions, one thread, nothing
/// hashed or verified.</summary>
/// <param name="ApplyMicroseconds">Of one event.</param>
/// <param name="HashMicroseconds">Of SHA-256 of 1,024 bytes.</param>
internal sealed record ApplySpeed(double ApplyMicroseconds, double HashMicroseconds)
{
    private const int Prescriptions = 500_000;
    private const int Lifecycles = 5_000;
    private const int Rounds = 5;

    public static ApplySpeed Measure()
    {
        using var cast = new Cast("bench.example/0000000000000000", "bench", P256PrivateKey.Generate());
        long timeMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var acts = Enumerable.Range(0, Lifecycles).SelectMany(_ => Lifecycle.Sign(cast, timeMs, withReview: true)).Select(Parse).ToArray();
        var state = Begin(cast);
        Fill(state, acts, timeMs);
        // The last round counts: by then the code is compiled for good.
        var rounds = Enumerable.Range(0, Rounds).Select(_ =>
        {
            double microseconds = Apply(acts, state, timeMs);
            Undo(acts, state);
            return microseconds;
        }).ToArray();
        return new ApplySpeed(rounds[^1] / acts.Length, Hash(acts.Length * Rounds));
    }

    public override string ToString() =>
        $"Contract Apply, 500,000 prescriptions in memory: {ApplyMicroseconds:F2} us an event; SHA-256 of 1 kB: {HashMicroseconds:F2} us";

    // Copies of a prescription that has gone its whole way.
    private static void Fill(DictionaryState state, Act[] acts, long timeMs)
    {
        Apply(acts, state, timeMs);
        var finished = state.Find<Prescription>(EntityKind.Prescription, acts[0].Event.PrescriptionId.Span)!;
        Undo(acts, state);
        Span<byte> id = stackalloc byte[16];
        for (int i = 0; i < Prescriptions; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(id, i);
            state.Put(EntityKind.Prescription, id, finished.Clone());
        }
    }

    private static double Apply(Act[] acts, DictionaryState state, long timeMs)
    {
        var contract = Contracts.ForVersion(1)!;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < acts.Length; i++)
        {
            var decision = contract.Apply(state, acts[i], new ApplyContext(timeMs, (ulong)i + 100));
            if (decision.Outcome != Outcome.Accepted)
                throw new InvalidOperationException($"Event {i}: {decision.Outcome}");
            state.Write(decision.Changes);
        }
        return clock.Elapsed.TotalMicroseconds;
    }

    // So that the same acts can be applied again.
    private static void Undo(Act[] acts, DictionaryState state)
    {
        foreach (var act in acts)
            state.Remove(EntityKind.Prescription, act.Event.PrescriptionId.Span);
    }

    private static double Hash(int count)
    {
        byte[] bytes = new byte[1024];
        Span<byte> hash = stackalloc byte[32];
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < count; i++)
            SHA256.HashData(bytes, hash);
        return clock.Elapsed.TotalMicroseconds / count;
    }

    private static Act Parse(byte[] envelope) => SignedEvent.TryParse(envelope, out var signed, out var refusal)
        ? new Act(signed.Event, signed.EventId.ToArray(), StatementValid: true)
        : throw new InvalidOperationException(refusal.Detail);

    private static DictionaryState Begin(Cast cast)
    {
        var state = new DictionaryState();
        state.Put(EntityKind.Policy, "policy"u8, DefaultPolicy.With(new Policy
        {
            ContractVersion = 1,
            ClaimPeriodMs = 3_600_000,
            LongestWindowMs = long.MaxValue,
            ApprovalsBeforeClaim = 1,
        }));
        byte[] keyId = KeyIdOf(cast.OrganisationKey);
        state.Put(EntityKind.Organisation, System.Text.Encoding.UTF8.GetBytes(cast.Organisation), new Organisation
        {
            KeyId = ByteString.CopyFrom(keyId),
            Roles = { Role.Hospital, Role.Pharmacy, Role.Regulator },
        });
        state.Put(EntityKind.Key, keyId, new Key { Organisation = cast.Organisation, Custody = Custody.Organisation });
        Register(state, cast, cast.Prescriber, Profession.Prescriber);
        Register(state, cast, cast.Pharmacist, Profession.Pharmacist);
        return state;
    }

    private static void Register(DictionaryState state, Cast cast, Workload.Practitioner practitioner, Profession profession)
    {
        byte[] keyId = KeyIdOf(practitioner.Key);
        state.Put(EntityKind.Key, keyId, new Key { PractitionerId = practitioner.Id, Custody = Custody.OwnDevice });
        state.Put(EntityKind.Practitioner, practitioner.Id.Span, new RxChain.Prescriptions.State.Practitioner
        {
            KeyId = ByteString.CopyFrom(keyId),
            Profession = profession,
            Organisations = { cast.Organisation },
        });
    }

    private static byte[] KeyIdOf(P256PrivateKey key) => KeyId.Of(KeyId.EcdsaP256, key.PublicKey.Encoded);

    private sealed class DictionaryState : IStateReader
    {
        private readonly Dictionary<(EntityKind, Ledger.Hash32), IMessage> _entries = [];

        public T? Find<T>(EntityKind kind, ReadOnlySpan<byte> id) where T : class, IMessage<T>, new() =>
            (T?)_entries.GetValueOrDefault(KeyOf(kind, id));

        public void Put(EntityKind kind, ReadOnlySpan<byte> id, IMessage value) => _entries[KeyOf(kind, id)] = value;

        public void Remove(EntityKind kind, ReadOnlySpan<byte> id) => _entries.Remove(KeyOf(kind, id));

        public void Write(IReadOnlyList<StateChange> changes)
        {
            foreach (var change in changes)
                Put(change.Kind, change.Id, change.Value!);
        }

        // Ids of the bench have at most 32 bytes.
        private static (EntityKind, Ledger.Hash32) KeyOf(EntityKind kind, ReadOnlySpan<byte> id)
        {
            Span<byte> padded = stackalloc byte[Ledger.Hash32.SizeBytes];
            id.CopyTo(padded);
            return (kind, new Ledger.Hash32(padded));
        }
    }
}
