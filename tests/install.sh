#!/usr/bin/env bash
# Installs what the tests need besides the .NET SDK and Node: run as root, any number of times.
set -euo pipefail
cd "$(dirname "$0")"

if ! { /usr/bin/python3 -c 'import grpc, google.protobuf, cryptography' && protoc --version && test -e /usr/include/google/protobuf/any.proto; } >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    python3-grpcio python3-protobuf python3-cryptography protobuf-compiler libprotobuf-dev
fi

# The ordering's tests run a real etcd. The package starts none where there is no systemd.
if ! command -v etcd >/dev/null || ! command -v etcdctl >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends etcd-server etcd-client
fi

npm ci --prefix grpc/js --no-audit --no-fund
npm ci --prefix ../grpc-api/samples/javascript --no-audit --no-fund
