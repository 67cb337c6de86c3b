using RxChain.Ledger.Tests.Contract;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions;
using RxChain.Prescriptions.State;
using Xunit.Abstractions;

namespace RxChain.Ledger.Tests.Independent;

/// <summary>Ledgers on which members come, go and change their keys: the second verifier counts the votes too.</summary>
public sealed class MembersLogTests(ITestOutputHelper output)
{
    private const int Steps = 60;

    [Fact]
    public void Tiles_RandomChangesOfMembers_VerifiedAndRebuilt()
    {
        int seed = FuzzRun.Seed(output);
        for (int i = 0; i < 3; i++)
        {
            var members = new RandomMembers(seed + i);
            for (int step = 0; step < Steps; step++)
            {
                members.Step();
                members.CheckInvariants();
            }
            var ledger = members.Ledger;
            var network = ledger.State.Find<NetworkRecord>(EntityKind.Network, EntityIds.Network)!;
            output.WriteLine($"seed {seed + i}: era {network.Era}, {network.Members.Count} members, {network.Validators.Count} validators, {network.PolicyChanges.Count} policies");
            var again = new TestLedger();
            for (int height = 1; height < ledger.Seals.Count; height++)
                again.Rebuild(ledger, height);
            Assert.Equal(ledger.State.Root, again.State.Root);
            var (exitCode, text) = SecondVerifier.Tiles(Published.Files(ledger.Leaves));
            Assert.True(exitCode == 0, text);
            Assert.Contains($"validators at the end: {string.Join(", ", network.Validators)};", text, StringComparison.Ordinal);
        }
    }
}
