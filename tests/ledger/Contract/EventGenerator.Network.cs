using Google.Protobuf;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Contract;

internal sealed partial class EventGenerator
{
    private Propose Propose() => random.Next(5) switch
    {
        0 => World.Add(Card()),
        1 => World.Remove(Name(), MaybeName()),
        2 => World.Rotate(Card()),
        3 => World.SetPolicy(Policy()),
        _ => World.SetQuorum((uint)random.Next(1, 16)),
    };

    private ByteString Card() => World.Card(
        Name(), (Role)random.Next(1, 5), PublicKey(), [.. Enumerable.Range(0, Pick(0, 3)).Select(_ => Bytes(32))]);

    private Policy Policy() => DefaultPolicy.With(new Policy
    {
        ContractVersion = Pick(1u, 2u, uint.MaxValue),
        ClaimPeriodMs = Pick(World.Hour, 366 * World.Day),
        ApprovalsBeforeClaim = (uint)random.Next(3),
        LeastCustody = (Custody)random.Next(4),
        BucketBits = Pick(4u, 12u, 20u),
        PackKeyVersion = Code(),
        PackKeyExchange = random.Next(2) == 0,
        Reviewers = { Enumerable.Range(0, random.Next(3)).Select(_ => Name()).Distinct() },
        CustodyByAct = { Enumerable.Range(0, random.Next(2)).Select(_ => new ActCustody { Act = "vote", Least = Custody.Card }) },
    });
}
