#!/usr/bin/env node
// Reads payloads of events, each behind its length (u32), and prints for each 1 if it is well-formed and names the
// signers that its act needs, else 0 and why.
import { readFileSync } from 'node:fs';
import { Reader, Verdict } from './bytes.mjs';
import { parsePayload } from './events.mjs';

const reader = new Reader(readFileSync(process.argv[2]), 'payloads');
const lines = [];
while (reader.at < reader.all.length) {
  try {
    parsePayload(reader.blob32(), 'payload');
    lines.push('1');
  } catch (error) {
    if (!(error instanceof Verdict)) throw error;
    lines.push(`0 ${error.message}`);
  }
}
console.log(lines.join('\n'));
