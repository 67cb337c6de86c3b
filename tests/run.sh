#!/usr/bin/env bash
# Builds everything, checks the formatting, and runs all tests, installing what they need first.
# Ends with one line: "N passed, N failed". Exit 0 only if nothing failed.
# Longer runs: RXCHAIN_FUZZ_SECONDS=600 (each fuzz and simulation), RXCHAIN_KILLS=1000 (kill -9 rounds).
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

tests/install.sh || { echo "tests/install.sh failed"; exit 1; }
dotnet build RxChain.sln -v q || exit 1

passed=0 failed=0
failures=$(mktemp) # what failed, said once more at the end
check() { # name, command...
  local name=$1; shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name" | tee -a "$failures"; fi
}

check "dotnet format" dotnet format RxChain.sln --verify-no-changes --no-restore

# Real containers, beside the other tests: they wait much. Says why when no engine can be had.
docker_log=$(mktemp)
tests/docker/run.sh >"$docker_log" 2>&1 &
docker=$!
trap 'kill "$docker" 2>/dev/null' EXIT

for project in tests/ledger tests/engine tests/grpc tests/system; do
  log=$(mktemp)
  dotnet test "$project" --no-build --logger "console;verbosity=normal" 2>&1 | tee "$log" | grep -vE '^\s+Passed '
  summary=$(grep -E '^(Total tests|     Passed|     Failed):' "$log" | tr -d ' ')
  p=$(sed -n 's/^Passed:\([0-9]*\).*/\1/p' <<<"$summary" | head -1)
  f=$(sed -n 's/^Failed:\([0-9]*\).*/\1/p' <<<"$summary" | head -1)
  # A run that tells no count has failed: it crashed or found no tests.
  if [ -z "$p" ] && [ -z "$f" ]; then f=1; echo "FAILED: $project told no result" | tee -a "$failures"; fi
  passed=$((passed + ${p:-0})); failed=$((failed + ${f:-0}))
  awk '/^  Failed /{left=40} /^  (Passed|Skipped) /{left=0} left-- > 0' "$log" >>"$failures"
  rm -f "$log"
done

wait "$docker"
cat "$docker_log"
if ! grep -q '^docker: skipped' "$docker_log"; then
  p=$(sed -n 's/^\([0-9]*\) passed, [0-9]* failed.*/\1/p' "$docker_log")
  f=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p' "$docker_log")
  if [ -z "$p" ] && [ -z "$f" ]; then f=1; echo "FAILED: tests/docker told no result" | tee -a "$failures"; fi
  passed=$((passed + ${p:-0})); failed=$((failed + ${f:-0}))
fi
rm -f "$docker_log"

cat "$failures"; rm -f "$failures"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
