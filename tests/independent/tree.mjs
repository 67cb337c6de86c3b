// RFC 6962 trees and C2SP tlog-tiles: docs/FORMAT.md, sections 10 and 11.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demand, missing, sha256 } from './bytes.mjs';

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

export const leafHash = (leaf) => sha256(leafPrefix, leaf);
export const nodeHash = (left, right) => sha256(nodePrefix, left, right);

// Appends leaf hashes and tells the root at every size.
export class Tree {
  size = 0n;
  subtrees = [];

  append(hash) {
    let level = 0;
    for (; (this.size >> BigInt(level)) & 1n; level++) hash = nodeHash(this.subtrees[level], hash);
    this.subtrees[level] = hash;
    this.size++;
  }

  root() {
    let root = null;
    this.subtrees.forEach((subtree, level) => {
      if ((this.size >> BigInt(level)) & 1n) root = root ? nodeHash(subtree, root) : subtree;
    });
    return root ?? sha256();
  }
}

// RFC 9162, section 2.1.3.2.
export function includes(index, size, leaf, proof, root) {
  if (index >= size) return false;
  let [node, last, hash] = [index, size - 1n, leaf];
  for (const sibling of proof) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      hash = nodeHash(sibling, hash);
      while (!(node & 1n) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && hash.equals(root);
}

// RFC 9162, section 2.1.4.2, for an older tree that is not empty and is smaller.
export function isConsistent(oldSize, newSize, oldRoot, newRoot, proof) {
  if (oldSize <= 0n || oldSize >= newSize) return false;
  const isPowerOfTwo = (oldSize & (oldSize - 1n)) === 0n;
  const [start, ...path] = isPowerOfTwo ? [oldRoot, ...proof] : proof;
  if (!start) return false;
  let [node, last, older, newer] = [oldSize - 1n, newSize - 1n, start, start];
  while (node & 1n) [node, last] = [node >> 1n, last >> 1n];
  for (const sibling of path) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      [older, newer] = [nodeHash(sibling, older), nodeHash(sibling, newer)];
      while (!(node & 1n) && node !== 0n) [node, last] = [node >> 1n, last >> 1n];
    } else {
      newer = nodeHash(newer, sibling);
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n && older.equals(oldRoot) && newer.equals(newRoot);
}

export function tilePath(level, index) {
  let path = String(index % 1000).padStart(3, '0');
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return `tile/${level}/${path}`;
}

// A tile of `width` units, out of the partial file or the start of the full one.
function readTile(directory, level, index, width) {
  const full = join(directory, tilePath(level, index));
  const partial = width < 256 ? `${full}.p/${width}` : full;
  const file = [partial, full].find((path) => existsSync(path));
  if (!file) throw missing(`${tilePath(level, index)} is missing`);
  return { bytes: readFileSync(file), units: file === full ? 256 : width };
}

export function readEntries(directory, size) {
  const entries = [];
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256);
    const { bytes, units } = readTile(directory, 'entries', index, width);
    let at = 0;
    for (let i = 0; i < units; i++) {
      demand(at + 2 <= bytes.length, `entry bundle ${index}: ends too early`);
      const end = at + 2 + bytes.readUInt16BE(at);
      demand(end <= bytes.length, `entry bundle ${index}: ends too early`);
      if (i < width) entries.push(bytes.subarray(at + 2, end));
      at = end;
    }
    demand(at === bytes.length, `entry bundle ${index}: bytes after its last entry`);
  }
  return entries;
}

// Every hash tile must hold the hashes that follow from the entries; says which leaf or subtree differs.
export function checkHashTiles(directory, leafHashes) {
  let tiles = 0;
  for (let level = 0, hashes = leafHashes; hashes.length > 0; level++) {
    for (let index = 0; index * 256 < hashes.length; index++) {
      const expected = hashes.slice(index * 256, index * 256 + 256);
      const { bytes, units } = readTile(directory, level, index, expected.length);
      demand(bytes.length === units * 32, `${tilePath(level, index)}: wrong length`);
      expected.forEach((hash, i) => demand(hash.equals(bytes.subarray(i * 32, i * 32 + 32)),
        `${tilePath(level, index)}: hash ${i} is not that of ${level === 0 ? 'leaf' : 'subtree'} ${index * 256 + i}`));
      tiles++;
    }
    hashes = parents(hashes);
  }
  return tiles;
}

function parents(hashes) {
  const roots = [];
  for (let at = 0; at + 256 <= hashes.length; at += 256) {
    let level = hashes.slice(at, at + 256);
    while (level.length > 1) level = level.filter((_, i) => i % 2 === 0).map((left, i) => nodeHash(left, level[2 * i + 1]));
    roots.push(level[0]);
  }
  return roots;
}
