#!/usr/bin/env node
// Reads payloads of events, each behind its length (u32), and prints for each 1 if it is well-formed and names the
// signers that its act needs, else 0 and why.
import { judgeEach } from './each.mjs';
import { parsePayload } from './events.mjs';

judgeEach(process.argv[2], (payload) => parsePayload(payload, 'payload'));
