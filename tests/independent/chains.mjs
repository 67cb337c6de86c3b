// Chains of accepted acts: docs/FORMAT.md, section 3.2.
import { demand, hex } from './bytes.mjs';
import { isSide } from './events.mjs';

export class Chains {
  // Ids of the accepted acts, oldest first, by "prescription ID" or "practitioner ID".
  chains = new Map();

  // Takes an accepted event, which must follow the last act of its chain, or cite an act of it.
  add({ event, act, id, what }) {
    const practitioner = event[act].practitioner_id;
    const subject = practitioner ? `practitioner ${hex(practitioner)}` : `prescription ${hex(event.prescription_id)}`;
    const chain = this.chains.get(subject) ?? [];
    const cited = chain[event.sequence - (isSide(act) ? 1 : 2)];
    const before = hex(event.previous_event_id ?? '');
    if (isSide(act)) {
      demand(cited === before, `${what}: ${act} accepted, but it cites no act of ${subject}`);
      return;
    }
    demand(event.sequence === chain.length + 1 && (cited ?? '') === before, `${what}: ${act} accepted, but it does not follow the chain of ${subject}`);
    for (const other of [event.issue?.replaces, event.issue?.covers]) {
      demand(!other?.length || this.chains.has(`prescription ${hex(other)}`), `${what}: issue accepted, but prescription ${hex(other ?? '')} does not exist`);
    }
    this.chains.set(subject, [...chain, hex(id)]);
  }
}
