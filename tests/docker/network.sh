# What the claims of run.sh do; to be sourced after engine.sh.
dir=$work/network
members=(hospital pharmacy-a regulator pharmacy-b)
declare -A address=([hospital]=10.77.0.11 [pharmacy-a]=10.77.0.12 [regulator]=10.77.0.13 [pharmacy-b]=10.77.0.14)
export RXCHAIN_IMAGE=rxchain RXCHAIN_BUILD_IMAGE=rxchain-base/build RXCHAIN_BASE_IMAGE=rxchain-base/dotnet RXCHAIN_ETCD_IMAGE=rxchain-base/etcd
rogue_options=(--network rxchain_rxchain --ip 10.77.0.66 --volume "$dir/pharmacy-b/etcd-client.crt:/c.crt:ro" --volume "$dir/pharmacy-b/etcd-client.key:/c.key:ro"
  --volume "$dir/etcd/ca.crt:/ca.crt:ro" --env ETCDCTL_API=3 --env ETCDCTL_ENDPOINTS=https://10.77.0.21:2379
  --env ETCDCTL_CACERT=/ca.crt --env ETCDCTL_CERT=/c.crt --env ETCDCTL_KEY=/c.key)
hardened=(--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges)

build_images() {
  deploy/publish.sh "$work/published" -c Debug --no-build &&
    dotnet publish tests/docker/client -c Debug --no-build -v q --nologo -o "$work/client" &&
    DOCKER="nsenter --net=/run/netns/$namespace /usr/bin/docker" deploy/base-images.sh "$work/published" &&
    docker build -q -f deploy/Dockerfile --build-arg BUILD=rxchain-base/build --build-arg BASE=rxchain-base/dotnet -t rxchain .
}

node_alone() {
  local data=$work/alone/data rx="$work/published/rxnode/rxnode"
  $rx init --data "$data" --name clinic --role hospital pharmacy regulator --network rx.example/0123456789abcdef --plaintext &&
    $rx genesis --card "$data/card.rx" --network rx.example/0123456789abcdef --out "$data/genesis.rx" --policy-out "$work/alone/policy.txt" &&
    chown -R 10001:10001 "$data" &&
    docker run -d --name alone "${hardened[@]}" --network none --health-interval 2s --volume "$data:/data" rxchain || return 1
  until_true 40 healthy alone || { docker logs alone; return 1; }
  [ "$(docker exec alone id -u)" = 10001 ] && ! docker exec alone touch /opt/rxchain/x &&
    docker stop alone && [ "$(docker inspect -f '{{.State.ExitCode}}' alone)" = 0 ]
}

# The order of docs/OPERATIONS.md: etcd, its users, the nodes.
network_up() {
  DOCKER="nsenter --net=/run/netns/$namespace /usr/bin/docker" deploy/bootstrap.sh "$dir" || return 1
  network=$(sed -n 's/.*"network": "\(.*\)".*/\1/p' "$dir/hospital/data/rxnode.json")
  compose up -d etcd-hospital etcd-pharmacy-a etcd-regulator || return 1
  until_true 60 etcdctl_as root endpoint health || return 1
  ETCDCTL="etcdctl_as_root" && export -f etcdctl_as etcdctl_as_root inside && export ETCDCTL dir namespace
  deploy/etcd-users.sh "/rxchain/$network/0/" "${members[@]}" &&
    deploy/etcd-users.sh "/rxchain/$network/0/" "${members[@]}" && # any number of times
    compose up -d && until_true 90 all_serve
}

etcdctl_as() { # user, arguments...
  local user=$1; shift
  ETCDCTL_API=3 ETCDCTL_ENDPOINTS=https://10.77.0.21:2379,https://10.77.0.22:2379,https://10.77.0.23:2379 \
    ETCDCTL_CACERT=$dir/etcd/ca.crt ETCDCTL_CERT=$dir/$user/etcd-client.crt ETCDCTL_KEY=$dir/$user/etcd-client.key inside etcdctl "$@"
}
etcdctl_as_root() { etcdctl_as root "$@"; }

# A client in a container of its own; RXCHAIN_PATIENCE_S is how long it waits for an act to be final.
client() {
  docker run --rm "${hardened[@]}" --user 10001:10001 --network rxchain_rxchain --ip 10.77.0.100 --env RXCHAIN_PATIENCE_S \
    --volume "$work/client:/client:ro" --volume "$dir:/network:ro" rxchain-base/dotnet dotnet /client/RxChain.DockerClient.dll /network "$@"
}

cut_off_and_heal() {
  local one; one=$(id_of pharmacy-b)
  docker network disconnect rxchain_rxchain "$one" && client issue hospital 10 || return 1
  docker network connect --ip "${address[pharmacy-b]}" rxchain_rxchain "$one" && client issue pharmacy-b 2 && until_true 60 all_agree
}

kill_and_start() {
  docker kill "$(id_of pharmacy-a)" "$(id_of etcd-pharmacy-a)" && client issue hospital 10 || return 1
  compose up -d && until_true 60 all_serve && client issue pharmacy-a 2 && until_true 60 all_agree
}

no_quorum_no_finality() {
  docker pause "$(id_of pharmacy-a)" "$(id_of pharmacy-b)" || return 1
  if RXCHAIN_PATIENCE_S=10 client issue hospital 1; then echo "an act became final without a quorum"; return 1; fi
  docker unpause "$(id_of pharmacy-a)" "$(id_of pharmacy-b)" && client issue pharmacy-b 2 && until_true 60 all_agree
}

upgrade_one_by_one() {
  for m in "${members[@]}"; do
    compose up -d --no-deps --force-recreate "$m" && until_true 60 serves "$m" && client issue "$m" 1 || return 1
  done
}

# The credentials of pharmacy-b, in a container that is none of the network's.
rogue() {
  local key=/rxchain/$network/0/
  rogue_etcdctl put "${key}pharmacy-b" garbage || return 1
  for forbidden in "put ${key}hospital garbage" "del ${key}hospital" "del $key --prefix" "put ${key}squatted x" "user add x --no-password"; do
    if rogue_etcdctl $forbidden; then echo "etcd allowed: $forbidden"; return 1; fi
  done
  # Its own key once more with the value that it had, whatever was put there: an honest batch, written again.
  client issue hospital 1 && etcdctl_as pharmacy-b get "${key}hospital" --print-value-only | head -c -1 > "$work/old" || return 1
  docker run --rm -i "${rogue_options[@]}" rxchain-base/etcd etcdctl put "${key}pharmacy-b" < "$work/old" &&
    rogue_etcdctl del "${key}pharmacy-b" && client issue hospital 3 || return 1
  for m in "${members[@]}"; do
    until_true 20 status_has "$m" 'ordering position [0-9]+: ' && until_true 20 status_has "$m" 'was deleted at revision' || return 1
  done
  until_true 60 all_agree
}

rogue_etcdctl() { docker run --rm "${rogue_options[@]}" rxchain-base/etcd etcdctl "$@"; }

# Every node's disk at rest. Who is not of the compose file is stopped by name. A policy that the audit writes for the quorum in force is what the nodes are then checked against.
audit() { # members...
  local mounts=() names=()
  for m in "$@"; do
    mounts+=(--volume "$dir/$m/data/log:/nodes/$m/log:ro" --volume "$dir/$m/data/checkpoint:/nodes/$m/checkpoint:ro")
    names+=("/nodes/$m")
  done
  until_true 60 all_agree "$@" && compose stop && { [ $# -le ${#members[@]} ] || docker stop "${@:${#members[@]}+1}"; } || return 1
  install -d -o 10001 -g 10001 "$work/policies" && rm -f "$work/policies/"* || return 1
  local rxaudit=(docker run --rm "${hardened[@]}" --user 10001:10001 --network none "${mounts[@]}" --volume "$dir/policy.txt:/policy.txt:ro"
    --volume "$work/policies:/policies" --entrypoint rxaudit rxchain)
  "${rxaudit[@]}" verify "${names[0]}" --policy /policy.txt --policy-out /policies/now.txt || return 1
  for name in "${names[@]}"; do "${rxaudit[@]}" verify "$name" --policy /policies/now.txt || return 1; done
  "${rxaudit[@]}" compare "${names[@]}" --policy /policies/now.txt
}

audit_four() { audit "${members[@]}"; }
audit_five() { audit "${members[@]}" pharmacy-c; }

# An operator's command in a container of its own beside a member's node.
operator() {
  local m=$1; shift
  docker run --rm "${hardened[@]}" --user 10001:10001 --network "container:$(id_of "$m")" --volume "$dir/$m:/own:ro" --volume "$dir:/network:ro" \
    rxchain "$@" --data /own/data --cert /own/clients/client.crt --key /own/clients/client.key --ca /own/ca.crt
}

# The steps of docs/OPERATIONS.md for adding a member; with four of five to cosign, the fifth must, once another is away.
add_fifth_member() {
  local new=pharmacy-c ip=10.77.0.15 rx="$work/published/rxnode/rxnode" proposal
  local data=$dir/$new/data
  compose start && until_true 90 all_serve || return 1
  mkdir -m 700 "$dir/$new" && $rx init --data "$data" --name $new --role pharmacy --network "$network" &&
    $rx pki node --out "$dir" --member $new --address $ip && $rx pki etcd --out "$dir" --user $new || return 1
  mkdir -m 700 "$data/tls" && cp "$data/card.rx" "$dir/" && cp "$dir/genesis.rx" "$data/" &&
    cp "$dir/$new"/{ca.crt,node.crt,node.key,etcd-client.crt,etcd-client.key} "$data/tls/" && cp "$dir/etcd/ca.crt" "$data/tls/etcd-ca.crt" || return 1
  local peer='{"member": "%s", "address": "https://%s:7602", "authority": "tls/peer-%s.crt"}, '
  sed -e 's/^  "member": "hospital"/  "member": "'$new'"/' -e "s|\"peers\": \[|&$(printf "$peer" hospital "${address[hospital]}" hospital)|" \
    "$dir/hospital/data/rxnode.json" > "$data/rxnode.json"
  for m in "${members[@]}"; do
    cp "$dir/$m/ca.crt" "$data/tls/peer-$m.crt"; cp "$dir/$new/ca.crt" "$dir/$m/data/tls/peer-$new.crt"
    sed -i "s|\"peers\": \[|&$(printf "$peer" $new $ip $new)|" "$dir/$m/data/rxnode.json"
    chown -R 10001:10001 "$dir/$m/data/tls" "$dir/$m/data/rxnode.json"
  done
  chown -R 10001:10001 "$dir/$new"
  deploy/etcd-users.sh "/rxchain/$network/0/" "${members[@]}" $new || return 1
  proposal=$(operator hospital propose add --card /network/card.rx | awk '{ print $2 }') && echo "proposal $proposal" || return 1
  for m in hospital pharmacy-a regulator; do operator $m vote "$proposal" --approve || return 1; done
  upgrade_one_by_one && docker run -d --name $new "${hardened[@]}" --user 10001:10001 --network rxchain_rxchain --ip $ip --volume "$data:/data" rxchain || return 1
  until_true 60 docker exec $new rxnode health --data /data || { docker logs $new; return 1; }
  operator regulator proposals && docker pause "$(id_of pharmacy-b)" || return 1
  client issue hospital 2 || { docker logs $new; return 1; }
  docker unpause "$(id_of pharmacy-b)"
}

id_of() { compose ps -q "$1"; }
healthy() { [ "$(docker inspect -f '{{.State.Health.Status}}' "$1")" = healthy ]; }
all_healthy() { for c in $(compose ps -q); do until_true 90 healthy "$c" || { docker inspect -f '{{.Name}} {{json .State.Health}}' "$c"; return 1; }; done; }
serves() { docker exec "$(id_of "$1")" rxnode health --data /data; }
all_serve() { for m in "${members[@]}"; do serves "$m" || return 1; done; }
status() {
  docker run --rm "${hardened[@]}" --user 10001:10001 --network rxchain_rxchain --ip 10.77.0.101 --volume "$dir/$1:/own:ro" \
    rxchain status --address "https://${address[$1]}:7600" --cert /own/clients/client.crt --key /own/clients/client.key --ca /own/ca.crt
}
status_has() { status "$1" | grep -Eq "$2"; }
all_agree() { # members..., or all four
  [ $# -gt 0 ] || set -- "${members[@]}"
  [ "$(for m in "$@"; do sed -n '2,3p' "$dir/$m/data/checkpoint" | tr '\n' ' '; echo; done | sort -u | wc -l)" = 1 ]
}

until_true() { # seconds, command...
  local until=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt $until ] || return 1; sleep 1; done
}
