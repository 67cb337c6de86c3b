// Many inputs in one run, for tests: each behind its length (u32).
import { readFileSync } from 'node:fs';
import { Reader, Verdict } from './bytes.mjs';

// Prints for each input 1 if `check` takes it, else 0 and why.
export function judgeEach(file, check) {
  const reader = new Reader(readFileSync(file), file);
  const lines = [];
  while (reader.at < reader.all.length) {
    try {
      check(reader.blob32());
      lines.push('1');
    } catch (error) {
      if (!(error instanceof Verdict)) throw error;
      lines.push(`0 ${error.message}`);
    }
  }
  console.log(lines.join('\n'));
}
