#!/usr/bin/env bash
# Gives each member of a network its user and role in etcd, and switches authentication on. A user is the common name of
# a client certificate; it reads the network's prefix and writes the one key PREFIX/MEMBER. Run it again whenever the
# members change: what is there already stays.
#   deploy/etcd-users.sh PREFIX MEMBER... [--remove MEMBER...]
# ETCDCTL is the command to use, with its options, as the user root: a client certificate whose common name is root.
set -euo pipefail
usage() { echo "usage: $0 PREFIX/ MEMBER... [--remove MEMBER...]" >&2; exit 2; }
[ $# -ge 2 ] || usage
prefix=$1; shift
[[ $prefix == */ ]] || { echo "$0: the prefix \"$prefix\" must end in a slash" >&2; exit 2; }
for name in "$@"; do
  [[ $name == --remove || ( $name =~ ^[a-z0-9.-]{1,64}$ && $name != root && $name != -* ) ]] ||
    { echo "$0: \"$name\" is no member's name: 1 to 64 of a-z, 0-9, '.' and '-', and not root" >&2; exit 2; }
done

ctl() { ${ETCDCTL:-etcdctl} "$@"; }
users=$(ctl user list)
roles=$(ctl role list)
has() { grep -qxF -- "$2" <<<"$1"; }

has "$users" root || ctl user add root --no-password
has "$roles" root || ctl role add root
ctl user grant-role root root

while [ $# -gt 0 ] && [ "$1" != --remove ]; do
  has "$roles" "$1" || ctl role add "$1"
  ctl role grant-permission "$1" read "$prefix" --prefix
  ctl role grant-permission "$1" write "$prefix$1"
  has "$users" "$1" || ctl user add "$1" --no-password
  ctl user grant-role "$1" "$1"
  shift
done
[ $# -eq 0 ] || shift
for name in "$@"; do
  ! has "$users" "$name" || ctl user delete "$name"
  ! has "$roles" "$name" || ctl role delete "$name"
done
ctl auth enable
