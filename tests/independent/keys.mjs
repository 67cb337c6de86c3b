// Keys and signatures: docs/FORMAT.md, section 2.
import { createPublicKey, verify } from 'node:crypto';
import { sha256, hex } from './bytes.mjs';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const big = (bytes) => BigInt('0x' + hex(bytes));
const little = (bytes) => big(Buffer.from(bytes).reverse());
const mod = (a, m) => ((a % m) + m) % m;

export const keyId = (publicKey) => hex(sha256(Buffer.from([1]), publicKey));

export function isLowS(signature) {
  const r = big(signature.subarray(0, 32));
  const s = big(signature.subarray(32));
  return signature.length === 64 && r > 0n && r < N && s > 0n && s <= (N - 1n) / 2n;
}

// A P-256 key, or null when the bytes are not an uncompressed point of the curve.
export function importP256(point) {
  if (point.length !== 65 || point[0] !== 4) return null;
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((c) => c.toString('base64url'));
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch {
    return null;
  }
}

// DSSE v1, "PAE".
export const encoding = (type, payload) =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);

export const verifyP256 = (key, data, signature) =>
  verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature);

// An Ed25519 key, or null when the bytes are not the one encoding of a point of the prime-order group.
export function importEd25519(bytes) {
  if (bytes.length !== 32 || !isPrimeOrderPoint(bytes)) return null;
  const x = Buffer.from(bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

export function verifyEd25519(key, data, signature) {
  if (signature.length !== 64 || little(signature.subarray(32)) >= L) return false;
  if (yOf(signature.subarray(0, 32)) >= P) return false;
  return verify(null, data, key, signature);
}

const yOf = (encoding) => little(encoding) & ((1n << 255n) - 1n);

function power(base, exponent) {
  let result = 1n;
  for (base = mod(base, P); exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % P;
    base = (base * base) % P;
  }
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n), P);

// RFC 8032, section 5.1.3 and 5.1.4: decode, then multiply by the group order and expect the neutral element.
function isPrimeOrderPoint(encoding) {
  const y = yOf(encoding);
  if (y >= P) return false;
  const u = mod(y * y - 1n, P);
  const v = mod(D * y * y + 1n, P);
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n), P);
  if (mod(v * x * x + u, P) === 0n) x = mod(x * power(2n, (P - 1n) / 4n), P);
  if (mod(v * x * x - u, P) !== 0n) return false;
  const sign = BigInt(encoding[31] >> 7);
  if (x === 0n) return false; // Order 1, 2, or the other encoding of one of them.
  if ((x & 1n) !== sign) x = P - x;
  let [sum, point] = [[0n, 1n, 1n, 0n], [x, y, 1n, mod(x * y, P)]];
  for (let k = L; k > 0n; k >>= 1n) {
    if (k & 1n) sum = add(sum, point);
    point = add(point, point);
  }
  return sum[0] === 0n && sum[1] === sum[2];
}

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2), P);
  const b = mod((y1 + x1) * (y2 + x2), P);
  const c = mod(2n * D * t1 * t2, P);
  const d = mod(2n * z1 * z2, P);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f, P), mod(g * h, P), mod(f * g, P), mod(e * h, P)];
}
