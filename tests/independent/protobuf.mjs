// Strict protobuf: docs/FORMAT.md, section 3.1. Messages are described by the text of that section.
import { demand, utf8 } from './bytes.mjs';

// Reads lines such as "Line { 1 commitment bytes, 2 units uint32 }" and "enum Role { 0 NONE, 1 HOSPITAL }".
export function readSchema(text) {
  const schema = { messages: {}, enums: {} };
  for (const line of text.trim().split('\n')) {
    const [, isEnum, name, body] = /^(enum )?(\w+) \{ ?(.*?) ?\}$/.exec(line.trim());
    const items = body.length === 0 ? [] : body.split(', ').map((item) => item.split(' '));
    if (isEnum) schema.enums[name] = items.map(([number]) => Number(number));
    else schema.messages[name] = new Map(items.map((item) => [Number(item[0]), field(item)]));
  }
  return schema;
}

function field([, name, type, oneof]) {
  const repeated = type.endsWith('*');
  return { name, type: type.replace('*', ''), repeated, group: oneof?.slice(1) ?? name };
}

function varint(bytes, at, what) {
  let value = 0n;
  for (let i = 0; ; i++) {
    demand(at + i < bytes.length && i < 10, `${what}: bad varint`);
    const byte = bytes[at + i];
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte >= 0x80) continue;
    demand((byte !== 0 || i === 0) && value < 1n << 64n, `${what}: varint too long`);
    return [value, at + i + 1];
  }
}

// An object with the fields given; a repeated field is always there, as an array. Canonical: in order, none at its default.
export function parse(schema, type, bytes, what, canonical = false) {
  const fields = schema.messages[type];
  const message = {};
  for (const f of fields.values()) if (f.repeated) message[f.name] = [];
  const seen = new Set();
  let last = 0n;
  for (let at = 0; at < bytes.length;) {
    let tag, value;
    [tag, at] = varint(bytes, at, what);
    const f = fields.get(Number(tag >> 3n));
    demand(f, `${what}: unknown field ${tag >> 3n}`);
    const here = `${what}.${f.name}`;
    demand(f.repeated || !seen.has(f.group), `${here}: given twice`);
    demand(!canonical || tag >> 3n > last || (f.repeated && tag >> 3n === last), `${here}: out of order`);
    seen.add(f.group);
    last = tag >> 3n;
    [value, at] = readField(schema, f, Number(tag & 7n), bytes, at, here, canonical);
    demand(!canonical || f.repeated || !isDefault(value), `${here}: written with its default value`);
    if (f.repeated) message[f.name].push(value);
    else message[f.name] = value;
  }
  return message;
}

const isDefault = (value) => value === 0 || value === 0n || value.length === 0;

function readField(schema, f, wireType, bytes, at, what, canonical) {
  const isNumber = ['int64', 'uint32', 'bool'].includes(f.type) || f.type in schema.enums;
  demand(wireType === (isNumber ? 0 : 2), `${what}: wire type ${wireType}`);
  const [value, next] = varint(bytes, at, what);
  if (isNumber) return [readNumber(schema, f.type, value, what), next];
  demand(value <= BigInt(bytes.length - next), `${what}: longer than what contains it`);
  const end = next + Number(value);
  const slice = bytes.subarray(next, end);
  if (f.type === 'bytes') return [slice, end];
  return [f.type === 'string' ? utf8(slice, what) : parse(schema, f.type, slice, what, canonical), end];
}

function readNumber(schema, type, value, what) {
  if (type === 'int64') return BigInt.asIntN(64, value);
  const limit = { uint32: 0xffffffffn, bool: 1n }[type];
  demand(limit === undefined || value <= limit, `${what}: ${value} is too great`);
  demand(limit !== undefined || schema.enums[type].includes(Number(value)), `${what}: ${value} is not listed`);
  return Number(value);
}
