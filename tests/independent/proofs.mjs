#!/usr/bin/env node
// Reads equivocation proofs, each behind its length (u32), and prints for each 1 if it holds for the network, else 0 and why.
import { checkEquivocation } from './equivocation.mjs';
import { judgeEach } from './each.mjs';

const [file, origin] = process.argv.slice(2);
judgeEach(file, (proof) => checkEquivocation(proof, origin));
