// The ranges of a policy, in the genesis and in a proposal: docs/FORMAT.md, section 5.1.
import { demand, isName } from './bytes.mjs';
import { parse } from './protobuf.mjs';
import { schema } from './schema.mjs';

const hourMs = 3_600_000n;
const dayMs = 24n * hourMs;
const actNames = new Set([...schema.messages.Event.values()].filter((f) => f.group === 'act').map((f) => f.name));

// A policy in its canonical encoding, every field in its range.
export function readPolicy(bytes, what) {
  const p = parse(schema, 'Policy', bytes, what, true);
  const within = (value, low, high, name) =>
    demand(BigInt(value ?? 0) >= BigInt(low) && BigInt(value ?? 0) <= BigInt(high), `${what}: ${name} out of range`);
  within(p.contract_version, 1, 2 ** 32 - 1, 'contract_version');
  within(p.claim_period_ms, hourMs, 366n * dayMs, 'claim_period_ms');
  for (const name of ['longest_window_ms', 'longest_hold_ms', 'dispute_period_ms']) within(p[name], hourMs, 3660n * dayMs, name);
  for (const name of ['reporting_period_ms', 'reversal_period_ms']) within(p[name], hourMs / 4n, 366n * dayMs, name);
  within(p.retention_ms, 0, 36600n * dayMs, 'retention_ms');
  within(p.presence_period_ms, 0, dayMs, 'presence_period_ms');
  within(p.approvals_before_claim, 0, 2, 'approvals_before_claim');
  within(p.approvals_before_dispense, 0, 2, 'approvals_before_dispense');
  within(p.least_custody, 0, 3, 'least_custody');
  within(p.base_window_heights, 8, 1_000_000, 'base_window_heights');
  within(p.pack_key_version, 1, 65535, 'pack_key_version');
  demand([4, 8, 12, 16, 20].includes(p.bucket_bits), `${what}: bucket_bits out of range`);
  const once = (values, holds, name) =>
    demand(values.every(holds) && new Set(values).size === values.length, `${what}: ${name} out of range`);
  once(p.reviewers, isName, 'reviewers');
  once(p.registrars, isName, 'registrars');
  once(p.custody_by_act.map((c) => c.act), (act) => actNames.has(act), 'custody_by_act');
  demand(p.custody_by_act.every((c) => c.least > 0), `${what}: custody_by_act out of range`);
  p.encoded = bytes;
  return p;
}
