#!/usr/bin/env bash
# Makes what the four organisations of deploy/docker-compose.yml need, each in a directory of its own below DIR: keys and
# card, certificates, configuration; and the genesis that joins the cards. On real machines each organisation runs its own
# part, and only cards, ca.crt and genesis.rx travel.
#   deploy/bootstrap.sh DIR        DIR is new
# RXNODE is the rxnode command; without it the image rxchain is run, by DOCKER (default: docker).
set -euo pipefail
[ $# -eq 1 ] && [ ! -e "$1" ] || { echo "usage: $0 DIR, a directory that does not exist yet" >&2; exit 2; }
mkdir -m 711 "$1"
dir=$(cd "$1" && pwd)
owner="$(id -u):$(id -g)"
rx() { ${RXNODE:-${DOCKER:-docker} run --rm --network none --user $owner --volume $dir:$dir rxchain} "$@"; }

members=(hospital pharmacy-a regulator pharmacy-b)
declare -A role=([hospital]=hospital [pharmacy-a]=pharmacy [regulator]=regulator [pharmacy-b]=pharmacy)
declare -A address=([hospital]=10.77.0.11 [pharmacy-a]=10.77.0.12 [regulator]=10.77.0.13 [pharmacy-b]=10.77.0.14)
declare -A etcd=([hospital]=10.77.0.21 [pharmacy-a]=10.77.0.22 [regulator]=10.77.0.23)

# What is in DIR itself is public; each directory below is one organisation's own.
for m in "${members[@]}"; do mkdir -m 700 "$dir/$m"; done

# Keys, cards, genesis. The first member chooses the network's origin.
network=$(rx init --data "$dir/hospital/data" --name hospital --role hospital | awk '$1 == "network" { print $2 }')
for m in "${members[@]:1}"; do
  rx init --data "$dir/$m/data" --name "$m" --role "${role[$m]}" --network "$network" >/dev/null
done
rx genesis $(printf -- "--card $dir/%s/data/card.rx " "${members[@]}") --network "$network" --out "$dir/genesis.rx" --policy-out "$dir/policy.txt"

# Certificates: each member's own authority signs its node and its clients; etcd has one of its own.
hosts=()
for m in "${members[@]}"; do
  rx pki node --out "$dir" --member "$m" --address "${address[$m]}" >/dev/null
  rx pki client --out "$dir" --member "$m" --name client --role submitter reader auditor admin >/dev/null
  [ -z "${etcd[$m]-}" ] || hosts+=(--host "etcd-$m=${etcd[$m]}")
done
rx pki etcd --out "$dir" "${hosts[@]}" $(printf -- '--user %s ' "${members[@]}" root) >/dev/null

json_list() { local IFS=,; echo "[$*]"; }
endpoints=()
for m in "${!etcd[@]}"; do endpoints+=("\"https://${etcd[$m]}:2379\""); done
for m in "${members[@]}"; do
  data=$dir/$m/data
  cp "$dir/genesis.rx" "$data/"
  mkdir -m 700 "$data/tls"
  cp "$dir/$m"/{ca.crt,node.crt,node.key,etcd-client.crt,etcd-client.key} "$data/tls/"
  cp "$dir/etcd/ca.crt" "$data/tls/etcd-ca.crt"
  peers=()
  for peer in "${members[@]}"; do
    [ "$peer" != "$m" ] || continue
    cp "$dir/$peer/ca.crt" "$data/tls/peer-$peer.crt"
    peers+=("{\"member\": \"$peer\", \"address\": \"https://${address[$peer]}:7602\", \"authority\": \"tls/peer-$peer.crt\"}")
  done
  cat > "$data/rxnode.json" <<END
{
  "member": "$m",
  "network": "$network",
  "listen": "0.0.0.0:7600",
  "tiles": "0.0.0.0:7601",
  "peerListen": "0.0.0.0:7602",
  "tls": {"certificate": "tls/node.crt", "key": "tls/node.key", "clientAuthorities": "tls/ca.crt"},
  "peers": $(json_list "${peers[@]}"),
  "ordering": {
    "kind": "etcd",
    "endpoints": $(json_list "${endpoints[@]}"),
    "certificate": "tls/etcd-client.crt", "key": "tls/etcd-client.key", "authorities": "tls/etcd-ca.crt"
  }
}
END
  if [ -n "${etcd[$m]-}" ]; then
    mkdir -m 700 "$dir/$m/etcd-data" "$dir/$m/etcd-certificates"
    cp "$dir/etcd/ca.crt" "$dir/$m/etcd-certificates/"
    cp "$dir/etcd/etcd-$m.crt" "$dir/$m/etcd-certificates/server.crt"
    cp "$dir/etcd/etcd-$m.key" "$dir/$m/etcd-certificates/server.key"
  fi
done

# The containers run as whoever owns the files, never as root.
if [ "$(id -u)" = 0 ]; then
  owner=10001:10001
  for m in "${members[@]}"; do chown -R "$owner" "$dir/$m"; done
fi
printf 'RXCHAIN_DIR=%s\nRXCHAIN_USER=%s\n' "$dir" "$owner" > "$dir/compose.env"
echo "$dir: network $network"
echo "next: docker-compose --env-file $dir/compose.env -f deploy/docker-compose.yml up -d, then deploy/etcd-users.sh /rxchain/$network/0/ ${members[*]}"
