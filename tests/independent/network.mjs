// Members, their keys, who validates, and votes: docs/FORMAT.md, section 9.6.
import { readCard, proveCard } from './cards.mjs';
import { demand, hex } from './bytes.mjs';
import { importP256, keyId } from './keys.mjs';
import { isQuorum, smallestQuorum } from './policy.mjs';
import { readPolicy } from './rules.mjs';

const openPeriodMs = 30n * 24n * 3_600_000n;
const least = (validators) => Math.floor((2 * validators) / 3) + 1;
const sameBytes = (a, b) => (a ?? Buffer.alloc(0)).equals(b ?? Buffer.alloc(0));

export class Network {
  keys = new Map();
  used = new Set();
  members = new Map();
  gone = new Set();
  clocks = new Map();
  proposals = new Map();
  passed = [];

  constructor(genesis) {
    this.origin = genesis.origin;
    this.policy = genesis.policy;
    this.quorum = (names) => isQuorum(genesis.quorumPolicy, new Set(names));
    this.threshold = smallestQuorum(genesis.quorumPolicy.quorum);
    for (const card of genesis.members) this.setKeys(card, null, 0n, genesis.created);
  }

  get validators() {
    return [...this.members.values()].filter((m) => m.validator);
  }

  nodeKey(name) {
    return this.members.get(name)?.validator?.node;
  }

  // Whether a key that signs events may sign the one in this leaf.
  isValidAt(id, index) {
    const key = this.keys.get(id);
    return key !== undefined && key.from <= index && (key.until === undefined || index < key.until);
  }

  registerPractitioner(publicKey, index, what) {
    demand(!this.used.has(hex(publicKey)), `${what}: accepted, but the key was registered before`);
    this.used.add(hex(publicKey));
    this.keys.set(keyId(publicKey), { key: importP256(publicKey), from: index + 1n });
  }

  // Takes an accepted Propose or Vote, at the ledger time of its block.
  accept({ event, id, what }, time) {
    if (event.propose) this.propose(event, hex(id), time, what);
    else this.vote(event, time, what);
  }

  propose(event, id, time, what) {
    const fault = this.fault(event.propose, what);
    demand(!fault, `${what}: propose accepted, but ${fault}`);
    const open = [...this.proposals.values()].filter((p) => p.status === 'open' && time < p.until && p.proposer === event.organisation);
    demand(open.length < 8, `${what}: propose accepted, but ${event.organisation} has 8 open proposals`);
    this.proposals.set(id, { proposer: event.organisation, change: event.propose, until: time + openPeriodMs, status: 'open', votes: new Map(), what });
  }

  vote({ organisation, vote }, time, what) {
    const proposal = this.proposals.get(hex(vote.proposal_id));
    demand(proposal?.status === 'open' && time < proposal.until, `${what}: vote accepted, but there is no such open proposal`);
    demand(this.nodeKey(organisation), `${what}: vote accepted, but ${organisation} is not a validator`);
    demand(!proposal.votes.has(organisation), `${what}: vote accepted, but ${organisation} has voted`);
    proposal.votes.set(organisation, vote.ballot);
    this.count(proposal);
  }

  count(proposal) {
    const votes = (ballot) => this.validators.filter((v) => proposal.votes.get(v.name) === ballot).length;
    if (votes(1) >= this.threshold) {
      proposal.status = 'passed';
      this.passed.push(proposal);
    } else if (this.validators.length - votes(2) < this.threshold) proposal.status = 'rejected';
  }

  // The end of a block: what passed is in force from leaf `from` on, unless it is no longer possible.
  close(from, time) {
    for (let i = 0; i < this.passed.length; i++) {
      const proposal = this.passed[i];
      const fault = this.fault(proposal.change, proposal.what);
      proposal.status = fault ? 'failed' : 'in force';
      if (!fault && this.carryOut(proposal.change, from, time))
        for (const other of this.proposals.values()) if (other.status === 'open' && time < other.until) this.count(other);
    }
    this.passed = [];
  }

  // Why a change is not possible now, or nothing.
  fault(change, what) {
    const { add_member: add, remove_member: remove, rotate_keys: rotate, set_policy: policy, set_quorum: quorum } = change;
    if (add) return this.addFault(readCard(add.card, what));
    if (remove) return this.removeFault(remove);
    if (rotate) return this.rotateFault(readCard(rotate.card, what));
    if (policy) return this.policyFault(readPolicy(policy.policy, what), policy.policy);
    const n = this.validators.length;
    return quorum.threshold < least(n) || quorum.threshold > n || quorum.threshold === this.threshold ? 'the threshold does not fit' : '';
  }

  addFault(card) {
    if (this.members.has(card.name) || this.gone.has(card.name)) return `${card.name} is taken`;
    if (card.allKeys.some((key) => this.used.has(key))) return 'a key was registered before';
    return card.encoded.length > 0 && this.validators.length >= 20 ? 'there are 20 validators' : '';
  }

  removeFault({ name, successor }) {
    const member = this.members.get(name);
    if (!member) return `${name} is not a member`;
    if (successor && (successor === name || !this.members.has(successor))) return `${successor} is not another member`;
    return member.validator && this.validators.length === 1 ? 'it is the last validator' : '';
  }

  rotateFault(card) {
    const member = this.members.get(card.name);
    if (!member) return `${card.name} is not a member`;
    if (member.roles.join() !== card.roles.join()) return 'the roles differ';
    const fresh = card.allKeys.filter((key, i) => key !== member.allKeys[i]);
    if (fresh.some((key) => this.used.has(key))) return 'a key was registered before';
    if (fresh.length === 0 && card.allKeys.length === member.allKeys.length) return 'nothing changes';
    if (card.allKeys.length > member.allKeys.length && this.validators.length >= 20) return 'there are 20 validators';
    return card.allKeys.length < member.allKeys.length && this.validators.length === 1 ? 'it is the last validator' : '';
  }

  policyFault(proposed, bytes) {
    if (['bucket_bits', 'base_window_heights'].some((name) => proposed[name] !== this.policy[name])) return 'a fixed field changes';
    if (![0, 1].includes(proposed.contract_version - this.policy.contract_version)) return 'the contract version does not follow';
    return sameBytes(bytes, this.policy.encoded) ? 'nothing changes' : '';
  }

  // True when the validators, their keys or the threshold are others now.
  carryOut({ add_member: add, remove_member: remove, rotate_keys: rotate, set_policy: policy, set_quorum: quorum }, from, time) {
    const before = this.era();
    if (add) this.setKeys(proveCard(readCard(add.card, 'card'), this.origin, 'card'), null, from, time);
    if (remove) this.remove(remove.name, from);
    if (rotate) {
      const card = proveCard(readCard(rotate.card, 'card'), this.origin, 'card');
      this.setKeys(card, this.members.get(card.name), from, time);
    }
    if (policy) this.policy = readPolicy(policy.policy, 'policy');
    const [old, n] = [this.threshold, this.validators.length];
    this.threshold = quorum ? quorum.threshold : old > least(before.count) ? Math.max(least(n), Math.min(old, n, 15)) : least(n);
    const threshold = this.threshold;
    if (before.text === this.era().text) return false;
    this.quorum = (names) => names.length >= threshold;
    return true;
  }

  era() {
    const text = this.validators.map((v) => `${v.name} ${v.allKeys.slice(1).join(' ')}`).sort().join('\n');
    return { text: `${text}\n${this.threshold}`, count: this.validators.length };
  }

  setKeys(card, before, from, time) {
    if (before && before.allKeys[0] !== card.allKeys[0]) this.keys.get(keyId(before.publicKey)).until = from;
    if (before?.allKeys[0] !== card.allKeys[0]) this.keys.set(keyId(card.publicKey), { key: card.key, from });
    for (const key of card.allKeys) this.used.add(key);
    this.members.set(card.name, card);
    if (!card.validator) this.clocks.delete(card.name);
    else if (!before?.validator) this.clocks.set(card.name, time);
  }

  remove(name, from) {
    this.keys.get(keyId(this.members.get(name).publicKey)).until = from;
    this.members.delete(name);
    this.gone.add(name);
    this.clocks.delete(name);
  }
}
