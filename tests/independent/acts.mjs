// The ranges of each act: docs/FORMAT.md, section 3.1.
import { isName, isTime } from './bytes.mjs';
import { readCard } from './cards.mjs';
import { readPolicy } from './rules.mjs';

const isKey = (bytes) => bytes?.length === 65 && bytes[0] === 4;
const within = (value, low, high) => (value ?? 0) >= low && (value ?? 0) <= high;
const isHash = (bytes) => bytes?.length === 32;
const isId = (bytes) => bytes?.length === 16;
const isSignature = (bytes) => bytes?.length === 64;
const isNameOrEmpty = (text) => !text || isName(text);
const isReason = (code) => within(code, 1, 65535);
const isToken = (t) => t === undefined || (isKey(t.token_key) && isSignature(t.signature));
const isPresence = (p) => p === undefined
  || (isName(p.payer ?? '') && isKey(p.payer_key) && isTime(p.attested_ms) && isSignature(p.signature));
const isAscending = (numbers) => numbers.every((number, i) => i === 0 || number > numbers[i - 1]);

// Those not named have none.
const ranges = {
  issue: checkIssue,
  review: (m, ok) => ok(m.verdict > 0 && (m.verdict === 1 ? !m.reason_code : isReason(m.reason_code)), 'review'),
  confirm: (m, ok) => ok(isHash(m.answer_commitment), 'answer_commitment'),
  claim: checkClaim,
  return_claim: (m, ok) => ok(isReason(m.reason_code), 'reason_code'),
  dispense: checkSupply,
  close: (m, ok) => ok(isReason(m.reason_code), 'reason_code'),
  cancel: (m, ok) => ok(isReason(m.reason_code) && isToken(m.token), 'cancel'),
  record_supply: (m, ok) => ok(isReason(m.reason_code) && isToken(m.token) && checkSupply(m, ok), 'record_supply'),
  emergency_supply: (m, ok) =>
    ok(isReason(m.reason_code) && m.items.every((i) => within(i.line, 0, 31)) && checkSupply(m, ok), 'emergency_supply'),
  correct: (m, ok) => ok(isHash(m.dispense_id) && isHash(m.content_commitment) && isReason(m.reason_code), 'correct'),
  reverse: (m, ok) => ok(m.kind > 0 && isHash(m.dispense_id) && isReason(m.reason_code) && m.items.length <= 32
    && m.items.every((i) => within(i.item, 0, 31)) && isAscending(m.items.map((i) => i.item ?? 0)), 'reverse'),
  replace_token: (m, ok) => ok(isKey(m.token_key) && isReason(m.reason_code), 'replace_token'),
  bind_token: (m, ok) => ok(isNameOrEmpty(m.pharmacy) && m.token && isToken(m.token), 'bind_token'),
  settle: (m, ok) => ok(isHash(m.dispense_id) && isHash(m.amount_commitment) && within(m.reason_code, 0, 65535), 'settle'),
  adjust_settlement: (m, ok) =>
    ok(isHash(m.dispense_id) && isHash(m.amount_commitment) && isReason(m.reason_code), 'adjust_settlement'),
  hold: (m, ok) => ok(isReason(m.reason_code) && isTime(m.until_ms), 'hold'),
  lift_hold: (m, ok) => ok(isReason(m.reason_code), 'lift_hold'),
  open_dispute: (m, ok) => ok(isHash(m.event_id) && isReason(m.reason_code) && isHash(m.statement_commitment)
    && isToken(m.token), 'open_dispute'),
  withdraw_dispute: (m, ok) => ok(isHash(m.dispute_id) && isToken(m.token), 'withdraw_dispute'),
  extend_dispute: (m, ok) => ok(isHash(m.dispute_id) && isReason(m.reason_code), 'extend_dispute'),
  resolve_dispute: (m, ok) =>
    ok(isHash(m.dispute_id) && isReason(m.resolution_code) && isHash(m.statement_commitment), 'resolve_dispute'),
  add_evidence: (m, ok) => ok(isHash(m.dispute_id) && isHash(m.evidence_commitment) && isToken(m.token), 'add_evidence'),
  record_access: (m, ok) => ok(isReason(m.purpose_code), 'purpose_code'),
  give_consent: (m, ok) =>
    ok(isName(m.grantee ?? '') && isReason(m.purpose_code) && isTime(m.until_ms) && isToken(m.token), 'give_consent'),
  withdraw_consent: (m, ok) => ok(isName(m.grantee ?? '') && isReason(m.purpose_code) && isToken(m.token), 'withdraw_consent'),
  erase: (m, ok, e) =>
    ok(isReason(m.reason_code) && (m.order_commitment?.length ?? 0) === (e.role === 3 ? 32 : 0), 'erase'),
  register_practitioner: checkRegistration,
  suspend_practitioner: (m, ok) => ok(isId(m.practitioner_id) && isReason(m.reason_code), 'suspend_practitioner'),
  reinstate_practitioner: (m, ok) => ok(isId(m.practitioner_id), 'reinstate_practitioner'),
  propose: checkProposal,
  vote: (m, ok) => ok(isHash(m.proposal_id) && m.ballot > 0, 'vote'),
};

function checkIssue(m, ok, e) {
  ok(within(m.lines.length, 1, 32) && m.lines.every((l) => isHash(l.commitment) && within(l.units, 1, 1e6)), 'lines');
  ok(isTime(m.not_before_ms) && isTime(m.not_after_ms) && m.not_before_ms < m.not_after_ms, 'not_after_ms');
  ok(isHash(m.content_commitment), 'content_commitment');
  ok(!m.token_key?.length || isKey(m.token_key), 'token_key');
  ok(isNameOrEmpty(m.nominee) && isNameOrEmpty(m.content_custodian), 'nominee or content_custodian');
  const isOther = (id) => !id?.length || (isId(id) && !id.equals(e.prescription_id));
  ok(isOther(m.replaces) && isOther(m.covers), 'replaces or covers');
  ok(!m.covers?.length || !m.covers.equals(m.replaces ?? Buffer.alloc(0)), 'covers');
  const g = m.group;
  if (g) ok(isId(g.group_id) && within(g.of, 2, 64) && within(g.number, 1, g.of) && isOther(g.after_id), 'group');
}

function checkClaim(m, ok) {
  ok(m.claim_number >= 1 && (m.token || m.nominee || m.presence || m.override), 'claim');
  ok(isToken(m.token) && isPresence(m.presence) && (!m.override || isReason(m.override.reason_code)), 'claim');
}

function checkSupply(m, ok) {
  ok(within(m.items.length, 1, 32) && isHash(m.content_commitment) && isNameOrEmpty(m.payer), 'supply');
  for (const item of m.items) {
    ok(within(item.fulfils_units, 1, 1e6) && isHash(item.product_commitment), 'items');
    ok(within(item.substitution_code, 0, 65535) && item.packs.length <= 64, 'items');
    for (const p of item.packs) {
      ok(isHash(p.pack_mac) && within(p.key_version, 1, 65535) && within(p.content, 1, 1e6), 'packs');
      ok(within(p.taken, 1, p.content) && (p.split ?? 0) === (p.taken < p.content ? 1 : 0), 'packs');
      ok(!p.previous_mac?.length || (isHash(p.previous_mac) && !p.previous_mac.equals(p.pack_mac)), 'packs');
    }
  }
  return true;
}

function checkRegistration(m, ok) {
  ok(m.practitioner_id?.length === 16 && m.profession > 0 && m.custody > 0, 'register_practitioner');
  ok(within(m.organisations.length, 1, 32) && m.organisations.every(isName), 'organisations');
  ok(new Set(m.organisations).size === m.organisations.length, 'organisations');
  ok(isKey(m.public_key) && m.proof_of_possession?.length === 64 && isHash(m.credential_commitment), 'register_practitioner');
}

function checkProposal(m, ok) {
  const card = m.add_member ?? m.rotate_keys;
  if (card) readCard(card.card ?? Buffer.alloc(0), 'propose');
  else if (m.remove_member) ok(isName(m.remove_member.name ?? '') && isNameOrEmpty(m.remove_member.successor), 'remove_member');
  else if (m.set_policy) checkPolicy(m.set_policy.policy ?? Buffer.alloc(0), ok);
  else ok(m.set_quorum && within(m.set_quorum.threshold, 1, 15), 'propose');
}

function checkPolicy(policy, ok) {
  ok(policy.length <= 32768, 'policy');
  readPolicy(policy, 'propose: policy');
}

// Calls `ok` with whether something holds, and what.
export const checkAct = (act, e, ok) => ranges[act]?.(e[act], ok, e);
