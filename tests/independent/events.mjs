// Signed events: docs/FORMAT.md, section 3.
import { demand, hex, sha256 } from './bytes.mjs';
import { importP256, isLowS, verifyP256 } from './keys.mjs';
import { parse } from './protobuf.mjs';
import { schema } from './schema.mjs';

export const maxBytes = 49152;
const eventType = 'application/vnd.rxchain.event.v1';
const typeField = Buffer.concat([Buffer.from([0x0a, eventType.length]), Buffer.from(eventType)]);
const maxTime = 253402300799999n;

export const isName = (text) => /^[a-z0-9.-]{1,64}$/.test(text);

// DSSE v1, "PAE".
export const encoding = (type, payload) =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);

// The event of an envelope, with its id, its signatures and the name of its act.
export function parseEnvelope(bytes, what) {
  demand(bytes.length <= maxBytes, `${what}: envelope of more than ${maxBytes} bytes`);
  demand(bytes.subarray(0, typeField.length).equals(typeField), `${what}: envelope does not begin with its payload type`);
  let at = typeField.length;
  demand(bytes[at++] === 0x12, `${what}: envelope without payload`);
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    demand(shift <= 14 && at < bytes.length, `${what}: envelope: bad payload length`);
    const byte = bytes[at++];
    length |= (byte & 0x7f) << shift;
    if (byte >= 0x80) continue;
    demand(byte !== 0 || shift === 0, `${what}: envelope: payload length longer than needed`);
    break;
  }
  demand(at + length <= bytes.length, `${what}: envelope ends in its payload`);
  const payload = bytes.subarray(at, at + length);
  const event = parsePayload(payload, what);
  const signatures = readSignatures(bytes.subarray(at + length), what);
  demand(signatures.length === event.key_ids.length, `${what}: ${signatures.length} signatures for ${event.key_ids.length} keys`);
  const signed = encoding(eventType, payload);
  return { event, signatures, signed, id: sha256(signed), hash: sha256(bytes), act: actOf(event) };
}

function readSignatures(rest, what) {
  const signatures = [];
  for (let at = 0; at < rest.length; at += 66) {
    demand(at + 66 <= rest.length && rest[at] === 0x1a && rest[at + 1] === 64, `${what}: envelope: bad signature field`);
    signatures.push(rest.subarray(at + 2, at + 66));
  }
  return signatures;
}

const acts = [...schema.messages.Event.values()].filter((f) => f.group === 'act').map((f) => f.name);
const actOf = (event) => acts.find((act) => event[act] !== undefined);

function parsePayload(payload, what) {
  const e = parse(schema, 'Event', payload, what);
  const ok = (holds, name) => demand(holds, `${what}: ${name} out of range`);
  const act = actOf(e);
  ok(act, 'act');
  const credential = act.endsWith('_practitioner');
  const opens = act === 'issue' || act === 'register_practitioner';
  const practitionerSigns = ['issue', 'review', 'confirm', 'dispense'].includes(act);
  const sizeOf = (name) => e[name]?.length ?? 0;
  ok(Buffer.byteLength(e.network ?? '') >= 1 && Buffer.byteLength(e.network) <= 128, 'network');
  ok(isName(e.organisation ?? ''), 'organisation');
  ok(e.role > 0, 'role');
  ok([0, 16].includes(sizeOf('author_id')), 'author_id');
  ok(sizeOf('author_id') === 0 || !e.author_id.equals(e.responsible_id ?? Buffer.alloc(0)), 'author_id');
  ok(e.time_ms >= 1n && e.time_ms <= maxTime, 'time_ms');
  ok(e.key_ids.every((id) => id.length === 32), 'key_ids');
  ok(sizeOf('prescription_id') === (credential ? 0 : 16), 'prescription_id');
  ok(e.sequence >= 1 && (!opens || e.sequence === 1), 'sequence');
  ok(sizeOf('previous_event_id') === (e.sequence === 1 ? 0 : 32), 'previous_event_id');
  ok(sizeOf('responsible_id') === (practitionerSigns ? 16 : 0), 'responsible_id');
  ok(e.key_ids.length === (practitionerSigns ? 2 : 1), 'key_ids');
  checkAct(act, e[act], e, ok);
  return e;
}

const isKey = (bytes) => bytes?.length === 65 && bytes[0] === 4;
const within = (value, low, high) => (value ?? 0) >= low && (value ?? 0) <= high;
const isHash = (bytes) => bytes?.length === 32;
const isNameOrEmpty = (text) => !text || isName(text);
const isReason = (code) => within(code, 1, 65535);
const isToken = (t) => t === undefined || (isKey(t.token_key) && t.signature?.length === 64);
const isTime = (value) => value >= 1n && value <= maxTime;

function checkAct(act, m, e, ok) {
  if (act === 'issue') checkIssue(m, e, ok);
  if (act === 'review') ok(m.verdict > 0 && (m.verdict === 1 ? !m.reason_code : isReason(m.reason_code)), 'review');
  if (act === 'confirm') ok(isHash(m.answer_commitment), 'answer_commitment');
  if (act === 'claim') ok(m.claim_number >= 1 && (m.token || m.nominee) && isToken(m.token), 'claim');
  if (act === 'return_claim' || act === 'close' || act === 'cancel') ok(isReason(m.reason_code) && isToken(m.token), act);
  if (act === 'dispense') checkDispense(m, ok);
  if (act === 'register_practitioner') checkRegistration(m, ok);
  if (act === 'suspend_practitioner') ok(m.practitioner_id?.length === 16 && isReason(m.reason_code), act);
  if (act === 'reinstate_practitioner') ok(m.practitioner_id?.length === 16, act);
}

function checkIssue(m, e, ok) {
  ok(within(m.lines.length, 1, 32) && m.lines.every((l) => isHash(l.commitment) && within(l.units, 1, 1e6)), 'lines');
  ok(isTime(m.not_before_ms) && isTime(m.not_after_ms) && m.not_before_ms < m.not_after_ms, 'not_after_ms');
  ok(isHash(m.content_commitment), 'content_commitment');
  ok(!m.token_key?.length || isKey(m.token_key), 'token_key');
  ok(isNameOrEmpty(m.nominee) && isNameOrEmpty(m.content_custodian), 'nominee or content_custodian');
  const g = m.group;
  if (!g) return;
  const after = g.after_id?.length ?? 0;
  ok(g.group_id?.length === 16 && within(g.of, 2, 64) && within(g.number, 1, g.of), 'group');
  ok(after === 0 || (after === 16 && !g.after_id.equals(e.prescription_id)), 'after_id');
}

function checkDispense(m, ok) {
  ok(within(m.items.length, 1, 32) && isHash(m.content_commitment) && isNameOrEmpty(m.payer), 'dispense');
  for (const item of m.items) {
    ok(within(item.fulfils_units, 1, 1e6) && isHash(item.product_commitment), 'items');
    ok(within(item.substitution_code, 0, 65535) && item.packs.length <= 64, 'items');
    for (const p of item.packs) {
      ok(isHash(p.pack_mac) && within(p.key_version, 1, 65535) && within(p.content, 1, 1e6), 'packs');
      ok(within(p.taken, 1, p.content) && (p.split ?? 0) === (p.taken < p.content ? 1 : 0), 'packs');
    }
  }
}

function checkRegistration(m, ok) {
  ok(m.practitioner_id?.length === 16 && m.profession > 0 && m.custody > 0, 'register_practitioner');
  ok(within(m.organisations.length, 1, 32) && m.organisations.every(isName), 'organisations');
  ok(new Set(m.organisations).size === m.organisations.length, 'organisations');
  ok(isKey(m.public_key) && m.proof_of_possession?.length === 64 && isHash(m.credential_commitment), 'register_practitioner');
}

// Every signature of the envelope, and a registration's proof of possession. `keys` maps key ids to imported keys.
export function checkSignatures({ event, signatures, signed }, keys, what) {
  event.key_ids.forEach((id, i) => {
    const key = keys.get(hex(id));
    demand(key, `${what}: key ${hex(id)} was not registered before this block`);
    demand(isLowS(signatures[i]), `${what}: signature ${i} is not in its low-S form`);
    demand(verifyP256(key, signed, signatures[i]), `${what}: signature ${i} does not verify`);
  });
  const r = event.register_practitioner;
  if (!r) return;
  const body = Buffer.concat([
    text16(event.network), r.practitioner_id, r.public_key, Buffer.from([r.custody, r.profession]), r.credential_commitment]);
  const key = importP256(r.public_key);
  const proof = encoding('application/vnd.rxchain.proof-of-possession.v1', body);
  demand(key && verifyP256(key, proof, r.proof_of_possession), `${what}: proof of possession does not verify`);
}

// Whether the patient's token signed this claim or cancellation; true when there is no token.
export function tokenHolds({ event, act }) {
  const token = event[act].token;
  if (!token) return true;
  const number = Buffer.alloc(4);
  number.writeUInt32BE(act === 'claim' ? event.claim.claim_number : event.sequence);
  const body = Buffer.concat([text16(event.network), event.prescription_id, text16(event.organisation), number]);
  const key = importP256(token.token_key);
  const signed = encoding(`application/vnd.rxchain.${act}-token.v1`, body);
  return key !== null && isLowS(token.signature) && verifyP256(key, signed, token.signature);
}

export function text16(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
