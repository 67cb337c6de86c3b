// Reading the fixed layouts of docs/FORMAT.md, section 1, and what a verdict is.
import { createHash } from 'node:crypto';

// A verdict other than "verified"; `code` is the exit code.
export class Verdict extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export const tampered = (message) => new Verdict(1, message);
export const usage = (message) => new Verdict(2, message);
export const policyNotMet = (message) => new Verdict(3, message);
export const missing = (message) => new Verdict(4, message);

export function demand(holds, message) {
  if (!holds) throw tampered(message);
}

export const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const hex = (bytes) => Buffer.from(bytes).toString('hex');

export const isName = (text) => /^[a-z0-9.-]{1,64}$/.test(text);
export const isTime = (value) => value >= 1n && value <= 253402300799999n;

export function utf8(bytes, what) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw tampered(`${what}: not UTF-8`);
  }
}

// Base64 in its one accepted spelling, or null.
export function base64(text) {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

// A decimal without leading zeros below 2^63, or null.
export function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) return null;
  const value = BigInt(text);
  return value < 1n << 63n ? value : null;
}

export class Reader {
  constructor(bytes, what) {
    this.all = bytes;
    this.at = 0;
    this.what = what;
  }

  bytes(length) {
    demand(this.at + length <= this.all.length, `${this.what}: ends too early`);
    return this.all.subarray(this.at, (this.at += length));
  }

  u8() { return this.bytes(1)[0]; }
  u16() { return this.bytes(2).readUInt16BE(); }
  u32() { return this.bytes(4).readUInt32BE(); }
  u64() { return this.bytes(8).readBigUInt64BE(); }
  hash() { return this.bytes(32); }
  text(length) { return utf8(this.bytes(length), this.what); }
  blob32() { return this.bytes(this.u32()); }

  count64() {
    const value = this.u64();
    demand(value < 1n << 63n, `${this.what}: a number of 2^63 or more`);
    return value;
  }

  end() { demand(this.at === this.all.length, `${this.what}: bytes after its end`); }
}

export function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function u64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

export function text8(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

export function text16(text) {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
