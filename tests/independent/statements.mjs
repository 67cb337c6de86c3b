// What the patient's token or a payer says inside an event: docs/FORMAT.md, section 3.5.
import { text16, u32, u64 } from './bytes.mjs';
import { encoding, importP256, isLowS, verifyP256 } from './keys.mjs';

// Name of the type, and the body after the head, by the field that carries the statement.
const statements = {
  claim: { token: ['claim-token', (e) => [u32(e.claim.claim_number)]],
    presence: ['presence', (e) => [u32(e.claim.claim_number), u64(e.claim.presence.attested_ms)]] },
  cancel: { token: ['cancel-token', (e) => [u32(e.sequence)]] },
  record_supply: { token: ['supply-token', (e) => [u64(e.time_ms)]] },
  bind_token: { token: ['bind-token', (e) => [...place(e), text16(e.bind_token.pharmacy ?? '')]] },
  open_dispute: { token: ['dispute-token', (e) => [...place(e), e.open_dispute.event_id, e.open_dispute.statement_commitment]] },
  withdraw_dispute: { token: ['withdraw-token', (e) => [...place(e), e.withdraw_dispute.dispute_id]] },
  add_evidence: { token: ['evidence-token', (e) => [...place(e), e.add_evidence.dispute_id, e.add_evidence.evidence_commitment]] },
  give_consent: { token: ['consent-token', ({ give_consent: m, ...e }) =>
    [...place(e), text16(m.grantee), u32(m.purpose_code), u64(m.until_ms)]] },
  withdraw_consent: { token: ['withdraw-consent-token', ({ withdraw_consent: m, ...e }) =>
    [...place(e), text16(m.grantee), u32(m.purpose_code)]] },
};

const place = (e) => [u32(e.sequence), u64(e.time_ms)];

// Whether the token's or the payer's statement inside an event verifies; true when there is none.
export function statementHolds({ event, act }) {
  return Object.entries(statements[act] ?? {}).every(([field, [name, rest]]) => {
    const carrier = event[act][field];
    if (!carrier) return true;
    const head = [text16(event.network), event.prescription_id, text16(event.organisation)];
    const signed = encoding(`application/vnd.rxchain.${name}.v1`, Buffer.concat([...head, ...rest(event)]));
    const key = importP256(carrier.token_key ?? carrier.payer_key);
    return key !== null && isLowS(carrier.signature) && verifyP256(key, signed, carrier.signature);
  });
}
