#!/usr/bin/env node
// A second verifier of RxChain logs, receipts and equivocation proofs, written from docs/FORMAT.md. Needs Node 20 and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Verdict, demand, hex, missing, usage } from './bytes.mjs';
import { Log } from './blocks.mjs';
import { checkEquivocation } from './equivocation.mjs';
import { parseEnvelope } from './events.mjs';
import { kindOf, parseEventLeaf, parseGenesis, parseRecovery, parseSeal } from './leaves.mjs';
import { parseCheckpoint, parseProof } from './notes.mjs';
import { evaluate, parsePolicy } from './policy.mjs';
import { checkHashTiles, includes, leafHash, readEntries } from './tree.mjs';

const help = `verify.mjs tiles DIRECTORY --policy FILE
       verify.mjs receipt FILE LEAF --policy FILE
       verify.mjs equivocation FILE --origin NETWORK
exit codes: 0 verified, 1 tampered, forged or inconsistent, 2 usage, 3 policy not met, 4 cannot evaluate`;

function read(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw missing(`${path}: ${error.code}`);
  }
}

function readPolicy(path) {
  return parsePolicy(read(path), (message) => { throw usage(`${path}: ${message}`); });
}

function verifyTiles(directory, policy) {
  const checkpoint = parseCheckpoint(read(join(directory, 'checkpoint')));
  const cosigners = evaluate(policy, checkpoint);
  const entries = readEntries(directory, Number(checkpoint.size));
  const tiles = checkHashTiles(directory, entries.map((entry) => leafHash(entry)));
  const log = new Log();
  for (const entry of entries) log.add(entry);
  log.end();
  demand(log.tree.root().equals(checkpoint.root), 'checkpoint: the root is not that of the entries');
  demand(log.genesis.origin === checkpoint.origin, `checkpoint: origin ${checkpoint.origin}, genesis ${log.genesis.origin}`);
  return {
    verified: [
      `origin ${checkpoint.origin}, size ${checkpoint.size}, root ${hex(checkpoint.root)}`,
      `cosigned by ${cosigners.map((one) => one.keyName).join(', ') || 'nobody (the policy wants none)'}`,
      `validators at the end: ${log.network.validators.map((v) => v.name).sort().join(', ')}; ${log.network.threshold} must cosign`,
      `${entries.length} leaves: ${log.eventCount} events in ${log.height + 1n} blocks; ${tiles} hash tiles`,
    ],
    notChecked: [
      'outcomes and state roots: the contract was not executed',
      'that refused events were not logged again while remembered',
      `that ${log.skippedUnknown} skipped envelopes which are not on the log were duplicates`,
      'when the cosignatures were made',
    ],
  };
}

function verifyReceipt(file, leafFile, policy) {
  const proof = parseProof(read(file));
  const leaf = read(leafFile);
  const cosigners = evaluate(policy, proof.checkpoint);
  const { size, root, origin } = proof.checkpoint;
  demand(includes(proof.index, size, leafHash(leaf), proof.hashes, root), `receipt: the leaf is not leaf ${proof.index} of this log`);
  return {
    verified: [
      `origin ${origin}, leaf ${proof.index} of ${size}: ${describe(leaf)}`,
      `cosigned by ${cosigners.map((one) => one.keyName).join(', ') || 'nobody (the policy wants none)'}`,
    ],
    notChecked: ['signatures inside the leaf, and everything else on the log', 'when the cosignatures were made'],
  };
}

function describe(leaf) {
  const kind = kindOf(leaf);
  if (kind === 1) return `genesis of ${parseGenesis(leaf).origin}`;
  if (kind === 3) return `seal of height ${parseSeal(leaf, 'seal').height}`;
  if (kind === 4) return `recovery into epoch ${parseRecovery(leaf, 'recovery').epoch}`;
  const { outcome, envelope } = parseEventLeaf(leaf, 'leaf');
  const { act, id } = parseEnvelope(envelope, 'leaf');
  return `${act} ${hex(id)}, outcome ${outcome}`;
}

function verifyEquivocation(file, origin) {
  const { validator, keyName, key, what } = checkEquivocation(read(file), origin);
  return {
    verified: [`origin ${origin}`, `${validator} with ${keyName} ${key}: ${what}`],
    notChecked: [`that this was the ${keyName} of ${validator}: a member's ledger says so, in the genesis or an era of validators`],
  };
}

function takeOption(args, name) {
  const at = args.indexOf(name);
  return at >= 0 ? args.splice(at, 2)[1] : undefined;
}

function main(args) {
  const [policyFile, origin] = [takeOption(args, '--policy'), takeOption(args, '--origin')];
  const [command, ...paths] = args;
  if (command === 'equivocation' && paths.length === 1 && origin && !policyFile) return verifyEquivocation(paths[0], origin);
  if (!policyFile || origin) throw usage(help);
  if (command === 'tiles' && paths.length === 1) return verifyTiles(paths[0], readPolicy(policyFile));
  if (command === 'receipt' && paths.length === 2) return verifyReceipt(paths[0], paths[1], readPolicy(policyFile));
  throw usage(help);
}

try {
  const { verified, notChecked } = main(process.argv.slice(2));
  console.log(['verified', ...verified.map((line) => `  ${line}`), 'not checked', ...notChecked.map((line) => `  ${line}`)].join('\n'));
} catch (error) {
  // An error of this program is no verdict about the log.
  const verdict = error instanceof Verdict ? error : missing(error.stack);
  const label = { 1: 'NOT VERIFIED', 2: 'usage', 3: 'policy not met', 4: 'cannot evaluate' }[verdict.code];
  console.error(`${label}: ${verdict.message}`);
  process.exitCode = verdict.code;
}
