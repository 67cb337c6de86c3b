#!/usr/bin/env bash
# The network in real containers: four organisations, three etcd members, clients and auditors each in a container of its own.
# Needs root and a build of the solution; installs Docker from Debian's packages where it is missing, and runs an engine of
# its own (engine.sh). Prints a line for each claim; ends with "N passed, N failed", or with the reason why it was skipped.
# RXCHAIN_DOCKER_KEEP=1 leaves everything running to look at.
set -uo pipefail
cd "$(dirname "$0")/../.."
. tests/docker/engine.sh
. tests/docker/network.sh
[ -n "${RXCHAIN_DOCKER_KEEP-}" ] || trap engine_stop EXIT

reason=$(engine_missing)
if [ -n "$reason" ]; then echo "docker: skipped: no engine can be had: $reason"; exit 0; fi

passed=0 failed=0
claim() { # what, command...
  local what=$1 started=$SECONDS; shift
  if "$@" >"$work/claim.log" 2>&1; then
    passed=$((passed + 1)); echo "  ok    $what ($((SECONDS - started)) s)"; grep -E '^(race|story):|^EQUAL' "$work/claim.log" | sed 's/^/          /'
  else
    failed=$((failed + 1)); echo "  FAILED $what ($((SECONDS - started)) s)"; tail -25 "$work/claim.log" | sed 's/^/          /'
  fi
}
needed() { # what, command...: nothing else makes sense without it
  local before=$failed; claim "$@"
  [ "$failed" -eq "$before" ] || { echo "$passed passed, $failed failed"; exit 1; }
}

echo "docker: real containers"
needed "an engine of its own" engine_start
needed "base images out of what is installed, and the image of rxnode and rxaudit" build_images
claim "one node alone: not root, file system read-only, healthy" node_alone
needed "four organisations come up, with users and roles in etcd" network_up
claim "the story across organisations, from a client in another container" client story
claim "two pharmacies race for one prescription a hundred times" client race 100
claim "one organisation is cut off: the others go on; healed, it catches up" cut_off_and_heal
claim "one is killed with its etcd: the others go on; started, it catches up" kill_and_start
claim "two of four are away: nothing becomes final; back, it does" no_quorum_no_finality
claim "a rogue with a member's etcd credentials writes, deletes and rewrites: refused or an alarm" rogue
claim "upgraded one by one, each time with three of four" upgrade_one_by_one
claim "the story once more" client story
claim "Docker's own health checks say healthy" all_healthy
claim "rxaudit verifies every node against the policy, and finds them equal" audit_four
claim "a fifth member is added by vote, copies the ledger, and cosigns" add_fifth_member
claim "rxaudit verifies all five against the quorum that the vote brought, and finds them equal" audit_five
echo "$passed passed, $failed failed (docker, $SECONDS s)"
[ "$failed" -eq 0 ]
