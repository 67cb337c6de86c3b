# A Docker engine of its own, to be sourced: dockerd by hand in a network namespace, with its own socket and data below
# $work. Nothing else on the machine changes; engine_stop, also after a failure, takes everything away again.
work=$(mktemp -d /tmp/rxchain-docker-XXXXXX)
namespace=rxchain-$$
export DOCKER_HOST=unix://$work/docker.sock DOCKER_BUILDKIT=0 DOCKER_CONFIG=$work/config

# Whatever talks to containers, or runs them, does so from inside the namespace.
inside() { nsenter --net="/run/netns/$namespace" "$@"; }
docker() { inside /usr/bin/docker "$@"; }
compose() { inside docker-compose --env-file "$dir/compose.env" --project-name rxchain -f deploy/docker-compose.yml "$@"; }

# Prints why there is no engine to be had here, or nothing.
engine_missing() {
  [ "$(id -u)" = 0 ] || { echo "not root"; return; }
  local packages=()
  for pair in dockerd:docker.io docker-compose:docker-compose busybox:busybox-static etcd:etcd-server etcdctl:etcd-client \
      iptables:iptables ip:iproute2; do
    command -v "${pair%%:*}" >/dev/null || packages+=("${pair##*:}")
  done
  [ ${#packages[@]} -eq 0 ] && return
  command -v apt-get >/dev/null || { echo "no ${packages[*]}, and no apt-get"; return; }
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >"$work/apt.log" 2>&1 ||
    { echo "apt-get cannot install ${packages[*]}"; tail -3 "$work/apt.log" >&2; }
}

engine_start() {
  ip netns add "$namespace"
  inside ip link set lo up
  inside dockerd --data-root "$work/data" --exec-root "$work/exec" --host "$DOCKER_HOST" --pidfile "$work/docker.pid" \
    >"$work/dockerd.log" 2>&1 &
  for _ in $(seq 120); do
    docker version >/dev/null 2>&1 && return
    sleep 0.5
  done
  echo "dockerd did not start:"; tail -5 "$work/dockerd.log"; return 1
}

engine_stop() {
  docker ps -q 2>/dev/null | xargs -r nsenter --net="/run/netns/$namespace" /usr/bin/docker kill >/dev/null 2>&1 || true
  if [ -f "$work/docker.pid" ]; then
    local pid; pid=$(cat "$work/docker.pid")
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 60); do kill -0 "$pid" 2>/dev/null || break; sleep 0.5; done
  fi
  ip netns delete "$namespace" 2>/dev/null || true
  rm -rf "$work"
}
