using System.Text;
using RxChain.Interop;
using RxChain.Ledger.Batches;
using RxChain.Ledger.Envelopes;
using RxChain.Ledger.Execution;
using RxChain.Ledger.Leaves;
using RxChain.Ledger.Merkle;
using RxChain.Ledger.StateMaps;
using RxChain.Ledger.Tests.Fixtures;
using RxChain.Prescriptions;
using RxChain.Prescriptions.Events;
using RxChain.Prescriptions.State;

namespace RxChain.Ledger.Tests.Format;

/// <summary>Makes every vector: a short ledger of the fixed network and what it consists of.</summary>
internal static class FormatVectors
{
    private const string Prescription = "rx-1";

    public static Dictionary<string, string> Make()
    {
        var ledger = TestLedger.WithPeople();
        var issue = ledger.Story.Issue(Prescription);
        var block = ledger.Block(issue);
        var vectors = new Dictionary<string, string>();
        AddSchema(vectors);
        AddKeys(vectors);
        AddEvent(vectors, issue);
        AddStatements(vectors);
        AddPossession(vectors, ledger);
        AddCommitment(vectors);
        AddBlock(vectors, ledger, block, issue);
        AddState(vectors, ledger, block);
        AddPublished(vectors, ledger);
        AddEvidence(vectors);
        return vectors;
    }

    private static void AddSchema(Dictionary<string, string> vectors)
    {
        vectors["schema.events"] = Schema.Events();
        vectors["schema.state"] = Schema.State();
        vectors["schema.outcomes"] = Schema.Outcomes();
        vectors["p256.greatest_s"] = "7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8";
    }

    private static void AddKeys(Dictionary<string, string> vectors)
    {
        vectors["key.organisation_label"] = $"p256 {FixedNetwork.Hospital}";
        vectors["key.organisation_public"] = Hex(FixedKeys.PublicKey(FixedNetwork.Hospital));
        vectors["key.organisation_id"] = Hex(FixedKeys.KeyIdOf(FixedNetwork.Hospital));
        var validator = FixedNetwork.Card(FixedNetwork.Hospital, true, Role.Hospital).Validator!;
        vectors["key.node_public"] = validator.Node.ToString();
        vectors["key.cosigner_public"] = validator.Cosigner.ToString();
        vectors["key.log_public"] = validator.Log.ToString();
    }

    private static void AddEvent(Dictionary<string, string> vectors, SignedEvent issue)
    {
        byte[] encoding = Dsse.Encode(Dsse.EventType, issue.Payload.Span);
        vectors["event.payload"] = Hex(issue.Payload.Span);
        vectors["event.pae_head"] = Encoding.ASCII.GetString(encoding.AsSpan(0, encoding.Length - issue.Payload.Length)).TrimEnd();
        vectors["event.id"] = Hash32.Sha256(encoding).ToString();
        vectors["event.signature_of_organisation"] = Hex(issue.Signature(0));
        vectors["event.signature_of_practitioner"] = Hex(issue.Signature(1));
        vectors["event.envelope"] = Hex(issue.Bytes.Span);
        vectors["event.envelope_hash"] = issue.EnvelopeHash.ToString();
    }

    // One event of each kind that carries a statement, and a side act's envelope.
    private static void AddStatements(Dictionary<string, string> vectors)
    {
        var story = new Story();
        var issue = story.Issue(Prescription);
        var dispute = story.PatientDispute(Prescription, issue);
        (string Name, SignedEvent Signed)[] statements =
        [
            ("claim", Alone(story, story.Claim(Prescription))),
            ("presence", Alone(story, story.ClaimByPresence(Prescription))),
            ("cancel", Alone(story, story.PatientCancel(Prescription))),
            ("supply", Alone(story, story.RecordSupply(Prescription, 5, story.NowMs - 1_200_000))),
            ("bind", Alone(story, story.BindToken(Prescription, FixedNetwork.PharmacyA))),
            ("dispute", dispute),
            ("withdraw", story.PatientWithdraws(Prescription, dispute)),
            ("evidence", story.PatientAddsEvidence(Prescription, dispute)),
            ("consent", story.PatientConsents(Prescription, FixedNetwork.Insurer)),
            ("withdraw_consent", story.PatientWithdrawsConsent(Prescription, FixedNetwork.Insurer)),
        ];
        foreach (var (name, signed) in statements)
        {
            Assert.True(Statements.TryRead(signed.Event, out var statement) && EventVerifier.CheckStatement(signed.Event));
            vectors[$"statement.{name}_body"] = Hex(statement.Body);
            vectors[$"statement.{name}_digest"] = Dsse.Digest(statement.PayloadType, statement.Body).ToString();
            vectors[$"statement.{name}_envelope"] = Hex(signed.Bytes.Span);
        }
        vectors["statement.digests"] = string.Concat(statements.Select(s => $"{s.Name,-16} {vectors[$"statement.{s.Name}_digest"]}\n"));
        vectors["side.event_it_cites"] = issue.EventId.ToString();
        vectors["side.event_id"] = dispute.EventId.ToString();
    }

    // Each follows the Issue.
    private static SignedEvent Alone(Story story, SignedEvent made)
    {
        story.Forget(Prescription);
        return made;
    }

    private static void AddPossession(Dictionary<string, string> vectors, TestLedger ledger)
    {
        Assert.True(EventLeaf.TryParse(ledger.Leaves[2], out var leaf));
        var registration = Story.Parse(leaf.Envelope.ToArray()).Event.RegisterPractitioner;
        byte[] possession = ProofOfPossession.Body(FixedNetwork.Origin, registration);
        vectors["possession.body"] = Hex(possession);
        vectors["possession.digest"] = Dsse.Digest(ProofOfPossession.PayloadType, possession).ToString();
        vectors["possession.signature"] = Hex(registration.ProofOfPossession.Span);
    }

    private static void AddCommitment(Dictionary<string, string> vectors)
    {
        byte[] salt = [.. Enumerable.Range(0, Commitment.SaltSizeBytes).Select(i => (byte)i)];
        byte[] content = "{\"a\":1}"u8.ToArray();
        byte[] domain = Encoding.ASCII.GetBytes(Commitment.LineDomain);
        byte[] input = [0, 0, 0, (byte)domain.Length, .. domain, 0, 0, 0, (byte)salt.Length, .. salt, 0, 0, 0, (byte)content.Length, .. content];
        byte[] commitment = Commitment.Compute(Commitment.LineDomain, salt, content);
        Assert.Equal(Hash32.Sha256(input).ToArray(), commitment);
        vectors["commitment.input"] = Hex(input);
        vectors["commitment.value"] = Hex(commitment);
    }

    private static void AddBlock(Dictionary<string, string> vectors, TestLedger ledger, ExecutedBlock block, SignedEvent issue)
    {
        vectors["card.bytes"] = Hex(FixedNetwork.Card(FixedNetwork.Insurer, false, Role.Insurer).Bytes);
        vectors["card.of_validator"] = Hex(FixedNetwork.Card(FixedNetwork.Hospital, true, Role.Hospital).Bytes);
        vectors["genesis.leaf"] = Hex(ledger.Leaves[0]);
        vectors["genesis.leaf_hash"] = Rfc6962.LeafHash(ledger.Leaves[0]).ToString();
        vectors["genesis.seal"] = Hex(ledger.Leaves[1]);
        vectors["header.bytes"] = Hex(block.Seal.BatchHeader.Span);
        byte[] batch = Batch.Encode(block.Seal.BatchHeader.Span, [issue.Bytes]);
        vectors["batch.bytes"] = Hex(batch);
        vectors["batch.sha256"] = Hash32.Sha256(batch).ToString();
        vectors["event.leaf"] = Hex(block.Leaves[0].Span);
        vectors["seal.bytes"] = Hex(block.Leaves[1].Span);
        vectors["seal.leaf_hash"] = block.LeafHashes[1].ToString();
        var recovery = ledger.Recovery();
        vectors["recovery.statement"] = Hex(recovery.Statements[0].ToFile(recovery.Network, recovery.Epoch));
        vectors["recovery.leaf"] = Hex(recovery.ToArray());
    }

    private static void AddState(Dictionary<string, string> vectors, TestLedger ledger, ExecutedBlock block)
    {
        var key = StateKey.Of(EntityKind.Prescription, Story.Id(Prescription).Span);
        ledger.State.Remember(ledger.Head.Size, 1);
        var (proof, value) = ledger.State.Prove(key, ledger.Head.Size)!.Value;
        vectors["state.key"] = key.ToString();
        vectors["state.value"] = Hex(value);
        vectors["state.side_acts_id"] = Hex(ActKinds.SideActsId(ledger.Story.Hold(Prescription).Event));
        vectors["state.side_acts_key"] = StateKey.Of(EntityKind.SideActs, Convert.FromHexString(vectors["state.side_acts_id"])).ToString();
        vectors["state.root"] = ledger.State.Root.ToString();
        vectors["state.proof"] = Hex(proof.ToArray());
        var first = PrescriptionHistory.Next(default, block.LeafHashes[0]);
        vectors["chain.first"] = first.ToString();
        vectors["chain.second"] = PrescriptionHistory.Next(first, block.LeafHashes[1]).ToString();
    }

    private static void AddPublished(Dictionary<string, string> vectors, TestLedger ledger)
    {
        vectors["tree.root_of_genesis_block"] = MerkleRoot(ledger.Leaves.Take(2)).ToString();
        vectors["tree.root"] = ledger.Head.Tree.Root.ToString();
        vectors["checkpoint.text"] = Encoding.UTF8.GetString(ledger.Checkpoint().ToBytes());
        vectors["policy.text"] = FixedNetwork.Genesis().QuorumText;
        vectors["receipt.text"] = ledger.Receipt(ledger.Leaves.Count - 2).ToString();
    }

    private static void AddEvidence(Dictionary<string, string> vectors)
    {
        var lies = new Lies();
        byte[] report = lies.ReportText(0, (4, Lies.RootOf(4)), (7, Lies.RootOf(7)));
        vectors["report.text"] = Encoding.UTF8.GetString(report);
        vectors["report.signature"] = Hex(FixedNetwork.Key(lies.Name, "node").Sign(report));
        foreach (var (name, proof) in lies.Proofs)
            vectors[$"equivocation.{name}"] = Hex(proof.ToBytes());
    }

    private static Hash32 MerkleRoot(IEnumerable<byte[]> leaves)
    {
        var tree = new MerkleFrontier();
        foreach (byte[] leaf in leaves)
            tree.Append(Rfc6962.LeafHash(leaf));
        return tree.Root;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
