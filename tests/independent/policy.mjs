// C2SP tlog-policy: what the verifier trusts.
import { decimal, policyNotMet, tampered } from './bytes.mjs';
import { importEd25519 } from './keys.mjs';
import { parseVkey, verifyLine } from './notes.mjs';

// Parses policy text; `fail` is told the first thing that is wrong, and must throw.
export function parsePolicy(bytes, fail) {
  const policy = { logs: [], witnesses: [], groups: [], names: new Map(), used: new Set() };
  if (bytes.length > 262144 || (bytes.length > 0 && bytes.at(-1) !== 0x0a)) fail('too long, or no final newline');
  const text = bytes.toString('latin1');
  if (/[\x00-\x08\x0b-\x1f\x7f]/.test(text)) fail('a control character');
  text.split('\n').forEach((line, i) => {
    const items = line.split(/[ \t]+/).filter((item) => item.length > 0);
    if (items.length === 0 || items[0].startsWith('#')) return;
    const wrong = (message) => fail(`line ${i + 1}: ${message}`);
    if (policy.logs.length + policy.names.size >= 1024) wrong('too many definitions');
    const define = { log: defineLog, witness: defineWitness, group: defineGroup, quorum: defineQuorum }[items[0]];
    if (!define) wrong('not a line of a policy');
    define(policy, items, wrong);
  });
  if (policy.quorum === undefined) fail('no quorum line');
  return policy;
}

function readKey(text, type, others, wrong) {
  const vkey = parseVkey(Buffer.from(text, 'latin1').toString('utf8'), type);
  const key = vkey && importEd25519(vkey.bytes);
  if (!key) wrong('not a valid verifier key of this type');
  if (others.some((other) => other.bytes.equals(vkey.bytes))) wrong('a key is given twice');
  return { ...vkey, key };
}

function defineLog(policy, items, wrong) {
  if (items.length < 2 || items.length > 3) wrong('expected: log <vkey> [<url>]');
  policy.logs.push(readKey(items[1], 1, policy.logs, wrong));
}

function defineName(policy, name, member, wrong) {
  if (name === 'none' || policy.names.has(name)) wrong('the name is taken');
  policy.names.set(name, member);
}

function defineWitness(policy, items, wrong) {
  if (items.length < 3 || items.length > 4) wrong('expected: witness <name> <vkey> [<url>]');
  const witness = { ...readKey(items[2], 4, policy.witnesses, wrong), depth: 1 };
  defineName(policy, items[1], witness, wrong);
  policy.witnesses.push(witness);
}

function defineGroup(policy, [, name, threshold, ...names], wrong) {
  if (names.length === 0) wrong('expected: group <name> all|any|<k> <name>...');
  for (const member of names) {
    if (!policy.names.has(member) || policy.used.has(member)) wrong(`${member} is not defined, or grouped already`);
    policy.used.add(member);
  }
  const members = names.map((member) => policy.names.get(member));
  const k = threshold === 'all' ? names.length : threshold === 'any' ? 1 : Number(decimal(threshold) ?? 0n);
  const depth = 1 + Math.max(...members.map((member) => member.depth));
  if (k < 1 || k > names.length || depth > 32) wrong('bad threshold, or nested too deep');
  const group = { members, k, depth };
  defineName(policy, name, group, wrong);
  policy.groups.push(group);
}

function defineQuorum(policy, items, wrong) {
  if (items.length !== 2 || policy.quorum !== undefined) wrong('expected one line: quorum <name>');
  if (items[1] !== 'none' && !policy.names.has(items[1])) wrong('the quorum is not defined');
  policy.quorum = items[1] === 'none' ? null : policy.names.get(items[1]);
}

export const smallestQuorum = (member) => member.members
  ? member.members.map(smallestQuorum).sort((a, b) => a - b).slice(0, member.k).reduce((a, b) => a + b, 0)
  : 1;

const count = (member) => 1 + (member.members ?? []).reduce((sum, one) => sum + count(one), 0);

export const usesEveryMember = (policy) => count(policy.quorum) === policy.witnesses.length + policy.groups.length;

const isSatisfied = (member, signed) => member.members
  ? member.members.filter((one) => isSatisfied(one, signed)).length >= member.k
  : signed.has(member);

// Whether the witnesses with these key names are a quorum.
export const isQuorum = (policy, names) =>
  isSatisfied(policy.quorum, new Set(policy.witnesses.filter((witness) => names.has(witness.keyName))));

// The witnesses whose cosignatures verify; throws when a signature is forged or the policy is not satisfied.
export function evaluate(policy, checkpoint) {
  const signed = new Set();
  for (const line of checkpoint.signatures) {
    const known = [...policy.logs, ...policy.witnesses].filter((k) => k.keyName === line.name && k.keyId === line.keyId);
    if (known.length === 0) continue;
    const key = known.find((one) => verifyLine(one, checkpoint.text, line));
    if (!key) throw tampered(`checkpoint: the signature of ${line.name} does not verify`);
    signed.add(key);
  }
  if (!policy.logs.some((log) => log.keyName === checkpoint.origin && signed.has(log)))
    throw policyNotMet(`checkpoint: no log of the policy with origin ${checkpoint.origin} has signed`);
  const cosigners = policy.witnesses.filter((witness) => signed.has(witness));
  if (policy.quorum && !isSatisfied(policy.quorum, signed))
    throw policyNotMet(`checkpoint: ${cosigners.length} cosignatures are not a quorum`);
  return cosigners;
}
