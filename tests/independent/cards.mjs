// Member cards: docs/FORMAT.md, section 4.
import { Reader, demand, isName, text16 } from './bytes.mjs';
import { importEd25519, importP256, verifyEd25519, verifyP256 } from './keys.mjs';

// What a card says; its signatures are not verified.
export function readCard(bytes, what) {
  const r = new Reader(bytes, what);
  const card = { name: r.text(r.u8()) };
  demand(isName(card.name) && card.name !== 'none', `${what}: bad name`);
  card.roles = Array.from({ length: r.u8() }, () => r.u8());
  demand(card.roles.length > 0 && card.roles.every((role, i) => role >= 1 && role <= 4 && (i === 0 || role > card.roles[i - 1])),
    `${what}: bad roles`);
  card.publicKey = r.bytes(65);
  const flag = r.u8();
  demand(flag <= 1, `${what}: bad validator flag`);
  card.encoded = flag === 1 ? [r.bytes(32), r.bytes(32), r.bytes(32)] : [];
  card.body = bytes.subarray(0, r.at);
  card.signatures = Array.from({ length: 1 + card.encoded.length }, () => r.bytes(64));
  r.end();
  card.allKeys = [card.publicKey, ...card.encoded].map((key) => key.toString('hex'));
  demand(new Set(card.allKeys).size === card.allKeys.length, `${what}: two validator keys are the same`);
  return card;
}

// Verifies that each key on the card has signed it for this network.
export function proveCard(card, origin, what) {
  const signed = Buffer.concat([Buffer.from('RxChain member card v1\n'), text16(origin), card.body]);
  card.key = importP256(card.publicKey);
  demand(card.key && verifyP256(card.key, signed, card.signatures[0]), `${what}: the organisation key is not proved`);
  const keys = card.encoded.map((key) => importEd25519(key));
  keys.forEach((key, i) => demand(key && verifyEd25519(key, signed, card.signatures[i + 1]), `${what}: validator key ${i} is not proved`));
  if (keys.length > 0) card.validator = { node: keys[0], cosignerBytes: card.encoded[1], logBytes: card.encoded[2] };
  return card;
}
