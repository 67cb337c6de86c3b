// Head reports and equivocation proofs: docs/FORMAT.md, section 13.
import { Reader, decimal, demand, hex, isName, utf8 } from './bytes.mjs';
import { importEd25519, verifyEd25519 } from './keys.mjs';
import { parseCheckpoint, verifyLine, vkeyId } from './notes.mjs';
import { isConsistent } from './tree.mjs';

const maxStatement = 1 << 20;
const zeros = Buffer.alloc(32);

function parseProof(bytes) {
  const r = new Reader(bytes, 'proof');
  demand(r.u8() === 1, 'proof: not version 1');
  const proof = { kind: r.u8(), validator: r.text(r.u8()), keyBytes: r.bytes(32), first: r.blob32(), second: r.blob32(), rootInSecond: r.hash() };
  proof.hashes = Array.from({ length: r.u8() }, () => r.hash());
  r.end();
  demand(proof.kind === 1 || proof.kind === 2, `proof: kind ${proof.kind}`);
  demand(isName(proof.validator), 'proof: bad name');
  demand(proof.first.length <= maxStatement && proof.second.length <= maxStatement, 'proof: a statement is too long');
  proof.key = importEd25519(proof.keyBytes);
  demand(proof.key, 'proof: bad key');
  return proof;
}

function readCheckpoint(proof, bytes, origin, what) {
  const checkpoint = parseCheckpoint(bytes);
  const [line] = checkpoint.signatures;
  demand(checkpoint.signatures.length === 1, `${what}: not one signature`);
  demand(checkpoint.origin === origin, `${what}: of ${checkpoint.origin}`);
  demand(line.name === proof.validator && line.keyId === vkeyId(proof.validator, 4, proof.keyBytes), `${what}: not signed in this name and key`);
  demand(verifyLine({ type: 4, key: proof.key }, checkpoint.text, line), `${what}: the cosignature does not verify`);
  return checkpoint;
}

function readReport(proof, bytes, origin, what) {
  const text = bytes.subarray(0, -64);
  demand(text.length > 0 && verifyEd25519(proof.key, text, bytes.subarray(-64)), `${what}: the signature does not verify`);
  const lines = utf8(text, what).split('\n');
  demand(lines.length > 4 && lines.pop() === '' && lines[0] === 'RxChain head report v1', `${what}: not a head report`);
  const [, network, epoch, sender, ...heads] = lines;
  demand(/^(0|[1-9][0-9]*)$/.test(epoch) && BigInt(epoch) < 1n << 64n, `${what}: bad epoch`);
  demand(network === origin && sender === proof.validator, `${what}: of ${sender} for ${network}`);
  return { epoch, heads: heads.map((line) => readHead(line, what)) };
}

function readHead(line, what) {
  const [size, root, ...more] = line.split(' ');
  demand(more.length === 0 && decimal(size) !== null && /^[0-9a-f]{64}$/.test(root ?? ''), `${what}: bad head`);
  return { size, root };
}

function checkCheckpoints(proof, origin) {
  const [first, second] = [proof.first, proof.second].map((bytes, i) => readCheckpoint(proof, bytes, origin, `statement ${i + 1}`));
  const [one, other] = [hex(first.root), hex(second.root)];
  if (first.size === second.size) {
    demand(one !== other, 'both checkpoints are the same');
    demandNoProof(proof);
    return `it cosigned two roots for ${first.size} leaves, ${one} and ${other}`;
  }
  const there = hex(proof.rootInSecond);
  demand(one !== there, 'the checkpoints are consistent');
  demand(isConsistent(first.size, second.size, proof.rootInSecond, second.root, proof.hashes), 'the consistency proof does not hold');
  return `it cosigned root ${one} for ${first.size} leaves, but in the log of ${second.size} leaves that it cosigned too they have root ${there}`;
}

function checkReports(proof, origin) {
  const [first, second] = [proof.first, proof.second].map((bytes, i) => readReport(proof, bytes, origin, `statement ${i + 1}`));
  demand(first.epoch === second.epoch, 'the reports are of different epochs');
  for (const { size, root } of second.heads) {
    const other = first.heads.find((head) => head.size === size && head.root !== root);
    if (!other) continue;
    demandNoProof(proof);
    return `it reported two roots for ${size} leaves in epoch ${first.epoch}, ${other.root} and ${root}`;
  }
  demand(false, 'no size has two roots');
}

function demandNoProof({ rootInSecond, hashes }) {
  demand(rootInSecond.equals(zeros) && hashes.length === 0, 'a consistency proof that nothing needs');
}

// Who contradicted itself and how; throws when the proof does not hold.
export function checkEquivocation(bytes, origin) {
  const proof = parseProof(bytes);
  const what = proof.kind === 1 ? checkCheckpoints(proof, origin) : checkReports(proof, origin);
  return { validator: proof.validator, keyName: proof.kind === 1 ? 'cosigner key' : 'node key', key: hex(proof.keyBytes), what };
}
