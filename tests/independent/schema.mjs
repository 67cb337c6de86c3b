// Copied from docs/FORMAT.md: the block schema.events, Policy and ActCustody of schema.state, and the logged ones of schema.outcomes.
import { readSchema } from './protobuf.mjs';

export const schema = readSchema(`
Event { 1 network string, 2 prescription_id bytes, 3 organisation string, 4 role Role, 5 author_id bytes, 6 responsible_id bytes, 7 time_ms int64, 8 key_ids bytes*, 9 sequence uint32, 10 previous_event_id bytes, 20 issue Issue |act, 21 review Review |act, 22 confirm Confirm |act, 23 claim Claim |act, 24 extend_claim ExtendClaim |act, 25 return_claim ReturnClaim |act, 26 dispense Dispense |act, 27 close Close |act, 28 cancel Cancel |act, 29 record_supply RecordSupply |act, 30 emergency_supply EmergencySupply |act, 31 correct Correct |act, 32 reverse Reverse |act, 33 replace_token ReplaceToken |act, 34 bind_token BindToken |act, 40 settle Settle |act, 41 adjust_settlement AdjustSettlement |act, 42 hold Hold |act, 43 lift_hold LiftHold |act, 44 open_dispute OpenDispute |act, 45 withdraw_dispute WithdrawDispute |act, 46 extend_dispute ExtendDispute |act, 47 resolve_dispute ResolveDispute |act, 48 add_evidence AddEvidence |act, 49 record_access RecordAccess |act, 50 give_consent GiveConsent |act, 51 withdraw_consent WithdrawConsent |act, 52 erase Erase |act, 60 register_practitioner RegisterPractitioner |act, 61 suspend_practitioner SuspendPractitioner |act, 62 reinstate_practitioner ReinstatePractitioner |act, 70 propose Propose |act, 71 vote Vote |act }
Issue { 1 lines Line*, 2 not_before_ms int64, 3 not_after_ms int64, 4 content_commitment bytes, 5 token_key bytes, 6 nominee string, 7 group Group, 8 content_custodian string, 9 replaces bytes, 10 covers bytes }
Line { 1 commitment bytes, 2 units uint32, 3 substitution_forbidden bool }
Group { 1 group_id bytes, 2 number uint32, 3 of uint32, 4 after_id bytes }
Review { 1 verdict Verdict, 2 reason_code uint32 }
Confirm { 1 answer_commitment bytes }
Claim { 1 claim_number uint32, 2 token TokenAuthority |authority, 3 nominee NomineeAuthority |authority, 4 presence PresenceAuthority |authority, 5 override OverrideAuthority |authority }
TokenAuthority { 1 token_key bytes, 2 signature bytes }
NomineeAuthority { }
PresenceAuthority { 1 payer string, 2 payer_key bytes, 3 attested_ms int64, 4 signature bytes }
OverrideAuthority { 1 reason_code uint32 }
ExtendClaim { }
ReturnClaim { 1 reason_code uint32 }
Dispense { 1 items DispensedItem*, 2 content_commitment bytes, 3 payer string }
DispensedItem { 1 line uint32, 2 fulfils_units uint32, 3 product_commitment bytes, 4 substitution_code uint32, 5 packs PackUse* }
PackUse { 1 pack_mac bytes, 2 key_version uint32, 3 content uint32, 4 taken uint32, 5 split bool, 6 previous_mac bytes }
Close { 1 reason_code uint32 }
Cancel { 1 reason_code uint32, 2 token TokenAuthority }
RecordSupply { 1 items DispensedItem*, 2 content_commitment bytes, 3 payer string, 4 reason_code uint32, 5 token TokenAuthority }
EmergencySupply { 1 items DispensedItem*, 2 content_commitment bytes, 3 payer string, 4 reason_code uint32 }
Correct { 1 dispense_id bytes, 2 content_commitment bytes, 3 reason_code uint32 }
Reverse { 1 kind Kind, 2 dispense_id bytes, 3 items ReversedItem*, 4 reason_code uint32 }
ReversedItem { 1 item uint32 }
ReplaceToken { 1 token_key bytes, 2 reason_code uint32 }
BindToken { 1 pharmacy string, 2 token TokenAuthority }
Settle { 1 dispense_id bytes, 2 amount_commitment bytes, 3 reason_code uint32 }
AdjustSettlement { 1 dispense_id bytes, 2 amount_commitment bytes, 3 reason_code uint32 }
Hold { 1 reason_code uint32, 2 until_ms int64 }
LiftHold { 1 reason_code uint32 }
OpenDispute { 1 event_id bytes, 2 reason_code uint32, 3 statement_commitment bytes, 4 token TokenAuthority }
WithdrawDispute { 1 dispute_id bytes, 2 token TokenAuthority }
ExtendDispute { 1 dispute_id bytes, 2 reason_code uint32 }
ResolveDispute { 1 dispute_id bytes, 2 resolution_code uint32, 3 statement_commitment bytes }
AddEvidence { 1 dispute_id bytes, 2 evidence_commitment bytes, 3 token TokenAuthority }
RecordAccess { 1 purpose_code uint32 }
GiveConsent { 1 grantee string, 2 purpose_code uint32, 3 until_ms int64, 4 token TokenAuthority }
WithdrawConsent { 1 grantee string, 2 purpose_code uint32, 3 token TokenAuthority }
Erase { 1 reason_code uint32, 2 order_commitment bytes }
RegisterPractitioner { 1 practitioner_id bytes, 2 profession Profession, 3 organisations string*, 4 public_key bytes, 5 proof_of_possession bytes, 6 custody Custody, 7 credential_commitment bytes }
SuspendPractitioner { 1 practitioner_id bytes, 2 reason_code uint32 }
ReinstatePractitioner { 1 practitioner_id bytes }
Propose { 1 add_member AddMember |change, 2 remove_member RemoveMember |change, 3 rotate_keys RotateKeys |change, 4 set_policy SetPolicy |change, 5 set_quorum SetQuorum |change }
AddMember { 1 card bytes }
RemoveMember { 1 name string, 2 successor string }
RotateKeys { 1 card bytes }
SetPolicy { 1 policy bytes }
SetQuorum { 1 threshold uint32 }
Vote { 1 proposal_id bytes, 2 ballot Ballot }
enum Role { 0 ROLE_UNSPECIFIED, 1 ROLE_HOSPITAL, 2 ROLE_PHARMACY, 3 ROLE_REGULATOR, 4 ROLE_INSURER }
enum Profession { 0 PROFESSION_UNSPECIFIED, 1 PROFESSION_PRESCRIBER, 2 PROFESSION_PHARMACIST }
enum Custody { 0 CUSTODY_UNSPECIFIED, 1 CUSTODY_CARD, 2 CUSTODY_OWN_DEVICE, 3 CUSTODY_ORGANISATION }
enum Ballot { 0 BALLOT_UNSPECIFIED, 1 BALLOT_APPROVE, 2 BALLOT_REJECT }
enum Verdict { 0 VERDICT_UNSPECIFIED, 1 VERDICT_APPROVE, 2 VERDICT_QUERY, 3 VERDICT_REJECT }
enum Kind { 0 KIND_UNSPECIFIED, 1 KIND_NOT_HANDED_OVER, 2 KIND_RETURNED }
Policy { 1 contract_version uint32, 2 claim_period_ms int64, 3 longest_window_ms int64, 4 approvals_before_claim uint32, 5 approvals_before_dispense uint32, 6 pack_codes_mandatory bool, 7 least_custody Custody, 8 base_window_heights uint32, 9 bucket_bits uint32, 10 custody_by_act ActCustody*, 11 reviewers string*, 12 registrars string*, 13 reporting_period_ms int64, 14 reversal_period_ms int64, 15 longest_hold_ms int64, 16 dispute_period_ms int64, 17 retention_ms int64, 18 presence_period_ms int64, 19 claim_override_allowed bool, 20 pack_key_version uint32, 21 pack_key_exchange bool }
ActCustody { 1 act string, 2 least Custody }
`);

export const loggedOutcomes = new Set([
  0, 100, 101, 102, 103, 104, 105, 106, 107, 110, 111, 112, 120, 121, 122, 123, 124, 125, 126,
  127, 128, 129, 130, 131, 132, 133, 134, 135, 140, 141, 142, 143, 144, 145, 146, 147, 148, 150,
  151, 152, 153, 154, 155, 156, 157, 158, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170,
  171, 172, 173, 180, 181, 182, 183, 184, 185, 186, 187, 188, 190, 191, 192, 193, 194, 195, 200,
  201, 202, 203, 204, 205, 206, 207, 209,
]);
