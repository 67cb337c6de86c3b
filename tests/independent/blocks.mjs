// Blocks: docs/FORMAT.md, sections 6 to 8.
import { demand, hex, missing } from './bytes.mjs';
import { Chains } from './chains.mjs';
import { checkSignatures, isAboutNetwork, parseEnvelope } from './events.mjs';
import { verifyEd25519 } from './keys.mjs';
import { kindOf, parseEventLeaf, parseGenesis, parseHeader, parseRecovery, parseSeal, statementSigned } from './leaves.mjs';
import { Network } from './network.mjs';
import { statementHolds } from './statements.mjs';
import { leafHash, Tree } from './tree.mjs';

const zeros = Buffer.alloc(32);

// Walks a log from its first leaf to its last, which must be a seal.
export class Log {
  tree = new Tree();
  height = -1n;
  time = 0n;
  epoch = 0n;
  recovery = null;
  recent = [];
  events = [];
  accepted = new Map();
  chains = new Chains();
  logged = new Set();
  skippedUnknown = 0;
  eventCount = 0;

  // Takes the next leaf.
  add(leaf) {
    const index = this.tree.size;
    const kind = kindOf(leaf);
    const what = `leaf ${index}`;
    if (index === 0n) this.begin(leaf);
    else if (kind === 2 && this.height >= 0n) this.addEvent(leaf, what);
    else if (kind === 4 && this.height >= 0n) this.addRecovery(leaf, what);
    else if (kind === 3) this.addSeal(leaf, what);
    else demand(false, `${what}: a leaf of kind ${kind} has no place here`);
    this.tree.append(leafHash(leaf));
    if (kind === 3) this.recent.push({ height: this.height, hash: leafHash(leaf) });
  }

  begin(leaf) {
    this.genesis = parseGenesis(leaf);
    this.window = this.genesis.policy.base_window_heights;
    this.network = new Network(this.genesis);
  }

  addEvent(leaf, what) {
    const { outcome, envelope } = parseEventLeaf(leaf, what);
    this.events.push({ ...parseEnvelope(envelope, what), outcome, what, index: this.tree.size });
  }

  // A new epoch: section 5.6.
  addRecovery(leaf, what) {
    const record = this.recovery = parseRecovery(leaf, what);
    demand(this.events.length === 0, `${what}: a recovery is alone in its block`);
    demand(record.network === this.genesis.origin, `${what}: recovery of network ${record.network}`);
    demand(record.epoch === this.epoch + 1n, `${what}: recovery: epoch ${record.epoch} does not follow ${this.epoch}`);
    demand(record.baseSize === this.tree.size && record.baseRoot.equals(this.tree.root()), `${what}: recovery: its base is another place`);
    this.checkQuorum(record.statements, (one) => statementSigned(record, one), `${what}: recovery: statement`);
    const largest = record.statements.reduce((max, one) => (one.size > max ? one.size : max), 0n);
    demand(largest === record.baseSize, `${what}: recovery: its base is not the largest head that was cosigned`);
    demand(record.statements.every((one) => one.size < largest || one.root.equals(record.baseRoot)), `${what}: recovery: two heads of the base's size`);
    this.checkQuorum(record.signatures, () => record.signed, `${what}: recovery: signature`);
  }

  checkQuorum(list, signed, what) {
    const names = list.map((one) => one.validator);
    demand(names.every((name, i) => this.network.nodeKey(name) && (i === 0 || names[i - 1] < name)), `${what}s: not of validators in order, each once`);
    for (const one of list)
      demand(verifyEd25519(this.network.nodeKey(one.validator), signed(one), one.signature), `${what} of ${one.validator} does not verify`);
    demand(this.network.quorum(names), `${what}s: ${names.length} are not a quorum`);
  }

  addSeal(leaf, what) {
    const seal = parseSeal(leaf, what);
    const before = this.height < 0n || this.recovery ? 1n : BigInt(this.events.length);
    const same = (name, actual, expected) => demand(actual === expected, `${what}: seal: ${name} is ${actual}, not ${expected}`);
    same('height', seal.height, this.height + 1n);
    same('event count', BigInt(seal.eventCount), before);
    same('first leaf', seal.firstLeaf, this.tree.size - before);
    same('previous seal hash', hex(seal.previous), hex(this.recent.at(-1)?.hash ?? zeros));
    same('tree root', hex(seal.treeRoot), hex(this.tree.root()));
    if (this.height < 0n) this.checkFirst(seal, same, what);
    else if (this.recovery) this.checkEpoch(seal, same, what);
    else this.checkBlock(seal, same, what);
    this.height = seal.height;
    this.time = seal.time;
    this.eventCount += this.events.length;
    this.events = [];
  }

  checkFirst(seal, same, what) {
    same('epoch', seal.epoch, 0n);
    same('position', seal.position, 0n);
    same('ledger time', seal.time, this.genesis.created);
    demand(seal.header.length === 0 && seal.skipped.length === 0, `${what}: the first seal has a batch`);
  }

  checkEpoch(seal, same, what) {
    demand(this.events.length === 0, `${what}: a recovery is alone in its block`);
    same('epoch', seal.epoch, this.recovery.epoch);
    same('position', seal.position, this.recovery.position);
    same('ledger time', seal.time, this.time);
    demand(seal.header.length === 0 && seal.skipped.length === 0, `${what}: the seal of a recovery has a batch`);
    this.epoch = seal.epoch;
    this.recovery = null;
  }

  checkBlock(seal, same, what) {
    const version = this.network.policy.contract_version;
    if (version !== 1) throw missing(`${what}: contract version ${version} is in force, which this program does not know`);
    const header = parseHeader(seal.header, what);
    this.checkHeader(header, seal, what);
    checkEnvelopes(header, seal, this.events, what);
    for (const signed of this.events) this.checkEvent(signed);
    same('ledger time', seal.time, this.advanceTime(header));
    for (const signed of this.events) this.register(signed, seal.time);
    this.network.close(this.tree.size + 1n, seal.time);
    for (const { hash } of seal.skipped) if (!this.logged.has(hex(hash))) this.skippedUnknown++;
  }

  checkHeader(header, seal, what) {
    demand(header.network === this.genesis.origin, `${what}: batch of network ${header.network}`);
    demand(header.epoch === this.epoch && seal.epoch === this.epoch, `${what}: batch or seal of another epoch`);
    this.recent = this.recent.slice(-this.window);
    const base = this.recent.find((block) => block.height === header.baseHeight);
    demand(base && base.hash.equals(header.baseHash), `${what}: the batch's base is not one of the last ${this.window} blocks`);
    const nodeKey = this.network.nodeKey(header.proposer);
    demand(nodeKey, `${what}: proposer ${header.proposer} is not a validator`);
    demand(verifyEd25519(nodeKey, header.signed, header.signature), `${what}: the batch header's signature does not verify`);
    demand(header.envelopes.length > 0 || header.clock > this.network.clocks.get(header.proposer),
      `${what}: an empty batch without a later clock`);
  }

  checkEvent(signed) {
    const { event, outcome, what, id } = signed;
    demand(event.network === this.genesis.origin, `${what}: event of network ${event.network}`);
    checkSignatures(signed, this.network.keys, what);
    demand(!this.accepted.has(hex(id)), `${what}: logged again; accepted at ${this.accepted.get(hex(id))}`);
    if (outcome === 0) this.checkAccepted(signed);
    this.logged.add(hex(signed.hash));
  }

  // What an acceptance says without the rules.
  checkAccepted(signed) {
    const { event, what, id, act } = signed;
    const role = this.network.members.get(event.organisation)?.roles.includes(event.role);
    demand(role, `${what}: ${act} accepted, but ${event.organisation} is no member with role ${event.role}`);
    demand(event.key_ids.every((key) => this.network.isValidAt(hex(key), signed.index)), `${what}: ${act} accepted, but a signing key is not valid there`);
    demand(statementHolds(signed), `${what}: ${act} accepted, but the statement in it does not verify`);
    const presence = event.claim?.presence;
    const payer = presence && this.network.members.get(presence.payer);
    demand(!presence || (payer?.roles.includes(4) && payer.publicKey.equals(presence.payer_key)),
      `${what}: accepted, but no insurer ${presence?.payer} has the key that attests presence`);
    if (!isAboutNetwork(act)) this.chains.add(signed);
    this.accepted.set(hex(id), what);
  }

  register(signed, time) {
    const { event, outcome, act, index, what } = signed;
    if (outcome !== 0) return;
    if (isAboutNetwork(act)) this.network.accept(signed, time);
    if (event.register_practitioner) this.network.registerPractitioner(event.register_practitioner.public_key, index, what);
  }

  advanceTime(header) {
    if (header.clock > this.network.clocks.get(header.proposer)) this.network.clocks.set(header.proposer, header.clock);
    const clocks = [...this.network.clocks.values()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const median = clocks[Math.floor(clocks.length / 2)];
    return median > this.time ? median : this.time;
  }

  end() {
    demand(this.tree.size > 0n, 'the log is empty');
    demand(this.height >= 0n && this.events.length === 0 && !this.recovery, 'the last leaf is not a seal');
  }
}

// The header's envelopes are the block's events and the skipped duplicates, each in its place.
function checkEnvelopes(header, seal, events, what) {
  demand(header.envelopes.length === events.length + seal.skipped.length, `${what}: the batch header names another number of envelopes`);
  demand(events.length > 0 || seal.skipped.length === 0, `${what}: a block of nothing but duplicates`);
  let [next, skipped] = [0, 0];
  header.envelopes.forEach((hash, place) => {
    const isSkipped = seal.skipped[skipped]?.place === place;
    const expected = isSkipped ? seal.skipped[skipped++].hash : events[next++]?.hash;
    demand(expected?.equals(hash), `${what}: envelope ${place} is not the one that the batch header names`);
  });
}
