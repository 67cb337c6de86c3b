#!/usr/bin/env bash
# Installs what the tests need besides the .NET SDK and Node: run as root, any number of times.
set -euo pipefail
cd "$(dirname "$0")"

if ! /usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-grpcio python3-protobuf
fi

npm ci --prefix grpc/js --no-audit --no-fund
