#!/usr/bin/env bash
# Publishes rxnode and rxaudit for a machine with the ASP.NET runtime. Usage: deploy/publish.sh OUT [dotnet publish options]
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: $0 OUT [dotnet publish options]" >&2; exit 2; }
out=$(mkdir -p "$1" && cd "$1" && pwd); shift
cd "$(dirname "$0")/.."
dotnet publish ledger-node/node -o "$out/rxnode" -v q --nologo "$@"
dotnet publish auditor-cli -o "$out/rxaudit" -v q --nologo "$@"
