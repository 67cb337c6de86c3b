// Copied from docs/FORMAT.md: the block schema.events, Policy of schema.state, and the logged ones of schema.outcomes.
import { readSchema } from './protobuf.mjs';

export const schema = readSchema(`
Event { 1 network string, 2 prescription_id bytes, 3 organisation string, 4 role Role, 5 author_id bytes, 6 responsible_id bytes, 7 time_ms int64, 8 key_ids bytes*, 9 sequence uint32, 10 previous_event_id bytes, 20 issue Issue |act, 21 review Review |act, 22 confirm Confirm |act, 23 claim Claim |act, 24 extend_claim ExtendClaim |act, 25 return_claim ReturnClaim |act, 26 dispense Dispense |act, 27 close Close |act, 28 cancel Cancel |act, 60 register_practitioner RegisterPractitioner |act, 61 suspend_practitioner SuspendPractitioner |act, 62 reinstate_practitioner ReinstatePractitioner |act }
Issue { 1 lines Line*, 2 not_before_ms int64, 3 not_after_ms int64, 4 content_commitment bytes, 5 token_key bytes, 6 nominee string, 7 group Group, 8 content_custodian string }
Line { 1 commitment bytes, 2 units uint32, 3 substitution_forbidden bool }
Group { 1 group_id bytes, 2 number uint32, 3 of uint32, 4 after_id bytes }
Review { 1 verdict Verdict, 2 reason_code uint32 }
Confirm { 1 answer_commitment bytes }
Claim { 1 claim_number uint32, 2 token TokenAuthority |authority, 3 nominee NomineeAuthority |authority }
TokenAuthority { 1 token_key bytes, 2 signature bytes }
NomineeAuthority { }
ExtendClaim { }
ReturnClaim { 1 reason_code uint32 }
Dispense { 1 items DispensedItem*, 2 content_commitment bytes, 3 payer string }
DispensedItem { 1 line uint32, 2 fulfils_units uint32, 3 product_commitment bytes, 4 substitution_code uint32, 5 packs PackUse* }
PackUse { 1 pack_mac bytes, 2 key_version uint32, 3 content uint32, 4 taken uint32, 5 split bool }
Close { 1 reason_code uint32 }
Cancel { 1 reason_code uint32, 2 token TokenAuthority }
RegisterPractitioner { 1 practitioner_id bytes, 2 profession Profession, 3 organisations string*, 4 public_key bytes, 5 proof_of_possession bytes, 6 custody Custody, 7 credential_commitment bytes }
SuspendPractitioner { 1 practitioner_id bytes, 2 reason_code uint32 }
ReinstatePractitioner { 1 practitioner_id bytes }
enum Role { 0 ROLE_UNSPECIFIED, 1 ROLE_HOSPITAL, 2 ROLE_PHARMACY, 3 ROLE_REGULATOR, 4 ROLE_INSURER }
enum Profession { 0 PROFESSION_UNSPECIFIED, 1 PROFESSION_PRESCRIBER, 2 PROFESSION_PHARMACIST }
enum Custody { 0 CUSTODY_UNSPECIFIED, 1 CUSTODY_CARD, 2 CUSTODY_OWN_DEVICE, 3 CUSTODY_ORGANISATION }
enum Verdict { 0 VERDICT_UNSPECIFIED, 1 VERDICT_APPROVE, 2 VERDICT_QUERY, 3 VERDICT_REJECT }
Policy { 1 contract_version uint32, 2 claim_period_ms int64, 3 longest_window_ms int64, 4 approvals_before_claim uint32, 5 approvals_before_dispense uint32, 6 pack_codes_mandatory bool, 7 least_custody Custody, 8 base_window_heights uint32, 9 bucket_bits uint32 }
`);

export const loggedOutcomes = new Set([
  0, 100, 101, 102, 103, 104, 105, 106, 107, 110, 111, 120, 121, 122, 123, 130,
  131, 132, 133, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152,
  160, 161, 162, 163, 164, 170, 171,
]);
