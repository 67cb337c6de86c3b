// Signed notes, checkpoints and proofs: C2SP, with the parameters of docs/FORMAT.md, section 11.
import { base64, decimal, demand, hex, sha256, utf8 } from './bytes.mjs';
import { verifyEd25519 } from './keys.mjs';

const isKeyName = (name) => name.length > 0 && !/[\s+\p{Cc}]/u.test(name);

export function parseNote(bytes) {
  demand(bytes.length <= 131072, 'note: too long');
  const all = utf8(bytes, 'note');
  demand(all.endsWith('\n') && !/[\x00-\x09\x0b-\x1f]/.test(all), 'note: no final newline, or a control character');
  const split = all.lastIndexOf('\n\n');
  demand(split >= 0, 'note: no blank line before the signatures');
  const lines = all.slice(split + 2).split('\n').slice(0, -1);
  demand(lines.length >= 1 && lines.length <= 100, 'note: no signatures, or too many');
  return { text: all.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line, index) {
  const [, name, data] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = data && base64(data);
  demand(bytes && isKeyName(name) && bytes.length >= 5, `note: signature line ${index + 1} is malformed`);
  return { name, keyId: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

export function parseCheckpoint(bytes) {
  const note = parseNote(bytes);
  const lines = note.text.split('\n').slice(0, -1);
  demand(lines.length >= 3 && lines.every((line) => line.length > 0), 'checkpoint: fewer than three lines, or an empty one');
  const size = decimal(lines[1]);
  const root = lines[2].length === 44 ? base64(lines[2]) : null;
  demand(size !== null && root?.length === 32, 'checkpoint: bad size or root');
  demand(size > 0n || root.equals(sha256()), 'checkpoint: the root of an empty tree is not the empty root');
  return { ...note, origin: lines[0], size, root };
}

// tlog-proof, version 1.
export function parseProof(bytes) {
  demand(bytes.length <= 262144, 'receipt: too long');
  let at = 0;
  const line = () => {
    const end = bytes.indexOf(0x0a, at);
    demand(end >= 0, 'receipt: ends too early');
    const text = bytes.toString('latin1', at, end);
    at = end + 1;
    return text;
  };
  demand(line() === 'c2sp.org/tlog-proof@v1', 'receipt: not a tlog-proof of version 1');
  let text = line();
  if (text.startsWith('extra ')) {
    demand(base64(text.slice(6))?.length > 0, 'receipt: bad extra line');
    text = line();
  }
  const index = text.startsWith('index ') ? decimal(text.slice(6)) : null;
  demand(index !== null, 'receipt: bad index');
  const hashes = [];
  while ((text = line()) !== '') {
    const hash = text.length === 44 ? base64(text) : null;
    demand(hash?.length === 32 && hashes.length < 64, 'receipt: bad inclusion proof');
    hashes.push(hash);
  }
  return { index, hashes, checkpoint: parseCheckpoint(bytes.subarray(at)) };
}

// Whether a signature line is by this key of a policy, over the note's text.
export function verifyLine(key, text, { signature }) {
  if (key.type === 1) return verifyEd25519(key.key, Buffer.from(text), signature);
  if (signature.length !== 72 || signature[0] >= 0x80) return false;
  const seconds = signature.readBigUInt64BE();
  return verifyEd25519(key.key, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), signature.subarray(8));
}

// Key id of a note key.
export const vkeyId = (keyName, type, key) => hex(sha256(Buffer.from(`${keyName}\n`), Buffer.from([type]), key).subarray(0, 4));

// A verifier key `name+id+base64`, or null.
export function parseVkey(text, type) {
  const [, keyName, keyId, data] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const bytes = data && base64(data);
  if (!bytes || bytes.length !== 33 || bytes[0] !== type || !isKeyName(keyName)) return null;
  return vkeyId(keyName, type, bytes.subarray(1)) === keyId ? { keyName, keyId, type, bytes: bytes.subarray(1) } : null;
}
