// Leaves and batch headers: docs/FORMAT.md, section 5.
import { Reader, demand, isName, text16, text8, u64 } from './bytes.mjs';
import { proveCard, readCard } from './cards.mjs';
import { parsePolicy, smallestQuorum, usesEveryMember } from './policy.mjs';
import { readPolicy } from './rules.mjs';
import { loggedOutcomes } from './schema.mjs';

function open(leaf, kind, what) {
  const reader = new Reader(leaf, what);
  demand(reader.u8() === 1, `${what}: not leaf version 1`);
  demand(reader.u8() === kind, `${what}: not a leaf of kind ${kind}`);
  return reader;
}

export const kindOf = (leaf) => (leaf.length > 1 && leaf[0] === 1 ? leaf[1] : 0);

export function parseEventLeaf(leaf, what) {
  const reader = open(leaf, 2, what);
  const outcome = reader.u16();
  demand(loggedOutcomes.has(outcome), `${what}: outcome ${outcome} is not one that is logged`);
  return { outcome, envelope: leaf.subarray(4) };
}

export function parseSeal(leaf, what) {
  const r = open(leaf, 3, what);
  const seal = {
    height: r.count64(), firstLeaf: r.count64(), eventCount: r.u32(), previous: r.hash(), treeRoot: r.hash(),
    stateRoot: r.hash(), epoch: r.u64(), position: r.u64(), time: r.count64(),
  };
  demand(seal.eventCount < 2 ** 31, `${what}: too many events`);
  seal.skipped = Array.from({ length: r.u16() }, () => ({ place: r.u16(), hash: r.hash() }));
  seal.header = r.blob32();
  r.end();
  return seal;
}

export function parseHeader(bytes, what) {
  const r = new Reader(bytes, `${what}: batch header`);
  demand(r.u8() === 1, `${what}: batch header: not version 1`);
  const header = {
    network: r.text(r.u16()), epoch: r.u64(), baseHeight: r.count64(), baseHash: r.hash(), clock: r.count64(),
    proposer: r.text(r.u8()),
  };
  header.envelopes = Array.from({ length: r.u16() }, () => r.hash());
  header.signed = Buffer.concat([Buffer.from('RxChain batch header v1\n'), bytes.subarray(0, r.at)]);
  header.signature = r.bytes(64);
  r.end();
  return header;
}

export function parseRecovery(leaf, what) {
  const r = open(leaf, 4, what);
  const record = { network: r.text(r.u16()), epoch: r.u64(), position: r.u64(), baseSize: r.count64(), baseRoot: r.hash() };
  record.statements = Array.from({ length: r.u8() }, () =>
    ({ validator: r.text(r.u8()), size: r.count64(), root: r.hash(), signature: r.bytes(64) }));
  record.signed = Buffer.concat([Buffer.from('RxChain recovery v1\n'), leaf.subarray(0, r.at)]);
  record.signatures = Array.from({ length: r.u8() }, () => ({ validator: r.text(r.u8()), signature: r.bytes(64) }));
  r.end();
  return record;
}

// What a validator signs in a statement of a recovery.
export const statementSigned = ({ network, epoch }, { validator, size, root }) =>
  Buffer.concat([Buffer.from('RxChain recovery statement v1\n'), text16(network), u64(epoch), text8(validator), u64(size), root]);

export function parseGenesis(leaf) {
  const r = open(leaf, 1, 'genesis');
  demand(leaf.length <= 65535, 'genesis: too long');
  const genesis = { contractVersion: r.u32(), origin: r.text(r.u16()), created: r.count64() };
  const cards = Array.from({ length: r.u16() }, () => r.blob32());
  genesis.policy = readPolicy(r.blob32(), 'genesis: policy');
  genesis.quorum = Buffer.from(r.blob32());
  r.end();
  demand(/^[a-z0-9./-]{1,111}\/[0-9a-f]{16}$/.test(genesis.origin), 'genesis: bad origin');
  genesis.members = cards.map((card, i) => proveCard(readCard(card, `genesis: member ${i}`), genesis.origin, `genesis: member ${i}`));
  checkMembers(genesis.members);
  demand(genesis.policy.contract_version === genesis.contractVersion, 'genesis: two contract versions');
  demand(genesis.contractVersion === 1, 'genesis: contract_version is not one that this program knows');
  checkQuorum(genesis);
  return genesis;
}

function checkMembers(members) {
  demand(members.length > 0, 'genesis: no members');
  for (let i = 1; i < members.length; i++) demand(members[i - 1].name < members[i].name, 'genesis: members out of order');
  const keys = members.flatMap((m) => m.allKeys);
  demand(new Set(keys).size === keys.length, 'genesis: a key occurs twice');
}

function checkQuorum(genesis) {
  const validators = genesis.members.filter((m) => m.validator);
  demand(validators.length > 0, 'genesis: no validator');
  const quorum = parsePolicy(genesis.quorum, (message) => demand(false, `genesis: quorum: ${message}`));
  genesis.quorumPolicy = quorum;
  const same = (named, wanted) => named.size === wanted.length && wanted.every((one) => named.has(one));
  const logs = new Set(quorum.logs.map((log) => `${log.keyName} ${log.bytes.toString('hex')}`));
  demand(same(logs, validators.map((v) => `${genesis.origin} ${v.validator.logBytes.toString('hex')}`)), 'genesis: quorum: wrong logs');
  const witnesses = new Set(quorum.witnesses.map((w) => `${w.keyName} ${w.bytes.toString('hex')}`));
  demand(same(witnesses, validators.map((v) => `${v.name} ${v.validator.cosignerBytes.toString('hex')}`)), 'genesis: quorum: wrong witnesses');
  demand(quorum.quorum && usesEveryMember(quorum), 'genesis: quorum: not one tree of all witnesses and groups');
  const needed = Math.floor((2 * validators.length) / 3) + 1;
  const smallest = smallestQuorum(quorum.quorum);
  demand(smallest >= needed, `genesis: quorum: fewer than ${needed} of ${validators.length} would suffice`);
  demand(smallest <= 15, `genesis: quorum: ${smallest} cosignatures do not fit into a checkpoint`);
}
