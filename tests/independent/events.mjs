// Signed events: docs/FORMAT.md, section 3.
import { checkAct } from './acts.mjs';
import { proveCard, readCard } from './cards.mjs';
import { demand, hex, isName, isTime, sha256, text16 } from './bytes.mjs';
import { encoding, importP256, isLowS, verifyP256 } from './keys.mjs';
import { parse } from './protobuf.mjs';
import { schema } from './schema.mjs';

export const maxBytes = 49152;
const eventType = 'application/vnd.rxchain.event.v1';
const typeField = Buffer.concat([Buffer.from([0x0a, eventType.length]), Buffer.from(eventType)]);

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

const openingActs = ['issue', 'emergency_supply', 'register_practitioner'];
const practitionerActs = ['issue', 'review', 'confirm', 'dispense', 'record_supply', 'emergency_supply', 'correct', 'reverse'];
const numberOf = new Map([...schema.messages.Event].map(([number, f]) => [f.name, number]));

// Side acts extend no chain: they cite an act that the signer saw.
export const isSide = (act) => numberOf.get(act) >= 40 && numberOf.get(act) < 60;

// Acts about the network extend and cite nothing.
export const isAboutNetwork = (act) => numberOf.get(act) >= 70;

export function parsePayload(payload, what) {
  const e = parse(schema, 'Event', payload, what);
  const ok = (holds, name) => demand(holds, `${what}: ${name} out of range`);
  const act = actOf(e);
  ok(act, 'act');
  const credential = act.endsWith('_practitioner');
  const network = isAboutNetwork(act);
  const opens = openingActs.includes(act);
  const practitionerSigns = practitionerActs.includes(act);
  const sizeOf = (name) => e[name]?.length ?? 0;
  ok(Buffer.byteLength(e.network ?? '') >= 1 && Buffer.byteLength(e.network) <= 128, 'network');
  ok(isName(e.organisation ?? ''), 'organisation');
  ok(e.role > 0, 'role');
  ok([0, 16].includes(sizeOf('author_id')), 'author_id');
  ok(sizeOf('author_id') === 0 || !e.author_id.equals(e.responsible_id ?? Buffer.alloc(0)), 'author_id');
  ok(isTime(e.time_ms), 'time_ms');
  ok(e.key_ids.every((id) => id.length === 32), 'key_ids');
  ok(sizeOf('prescription_id') === (credential || network ? 0 : 16), 'prescription_id');
  ok(network ? (e.sequence ?? 0) === 0 : e.sequence >= 1 && (!opens || e.sequence === 1), 'sequence');
  ok(sizeOf('previous_event_id') === (network || (e.sequence === 1 && !isSide(act)) ? 0 : 32), 'previous_event_id');
  ok(sizeOf('responsible_id') === (practitionerSigns ? 16 : 0), 'responsible_id');
  ok(e.key_ids.length === (practitionerSigns ? 2 : 1), 'key_ids');
  checkAct(act, e, ok);
  return e;
}

// Every signature of the envelope, and the proofs of possession in a registration or on a proposed card. `keys` maps key ids to imported keys.
export function checkSignatures({ event, signatures, signed }, keys, what) {
  event.key_ids.forEach((id, i) => {
    const key = keys.get(hex(id))?.key;
    demand(key, `${what}: key ${hex(id)} was not registered before this block`);
    demand(isLowS(signatures[i]), `${what}: signature ${i} is not in its low-S form`);
    demand(verifyP256(key, signed, signatures[i]), `${what}: signature ${i} does not verify`);
  });
  const card = event.propose?.add_member?.card ?? event.propose?.rotate_keys?.card;
  if (card) proveCard(readCard(card, what), event.network, what);
  const r = event.register_practitioner;
  if (!r) return;
  const body = Buffer.concat([
    text16(event.network), r.practitioner_id, r.public_key, Buffer.from([r.custody, r.profession]), r.credential_commitment]);
  const key = importP256(r.public_key);
  const proof = encoding('application/vnd.rxchain.proof-of-possession.v1', body);
  demand(key && verifyP256(key, proof, r.proof_of_possession), `${what}: proof of possession does not verify`);
}
