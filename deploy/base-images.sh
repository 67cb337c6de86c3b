#!/usr/bin/env bash
# For a machine that cannot pull images: builds the three base images out of what is installed here (Debian's libraries,
# the .NET runtime, busybox-static, etcd-server, etcd-client). DOCKER names the docker command, with its options.
#   rxchain-base/dotnet   a shell and the ASP.NET runtime; stands for mcr.microsoft.com/dotnet/aspnet:10.0
#   rxchain-base/build    the same with rxnode and rxaudit published; stands for mcr.microsoft.com/dotnet/sdk:10.0
#   rxchain-base/etcd     etcd and etcdctl; stands for quay.io/coreos/etcd
# Usage: deploy/base-images.sh PUBLISHED    a directory with rxnode/ and rxaudit/, as deploy/publish.sh makes it
set -euo pipefail
[ $# -eq 1 ] && [ -x "$1/rxnode/rxnode" ] && [ -x "$1/rxaudit/rxaudit" ] ||
  { echo "usage: $0 PUBLISHED, a directory that deploy/publish.sh made" >&2; exit 2; }
published=$(cd "$1" && pwd)
docker=${DOCKER:-docker}
for program in dotnet etcd etcdctl busybox; do
  command -v "$program" >/dev/null || { echo "$0: $program is not installed" >&2; exit 1; }
done

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# The runtime loads OpenSSL and the C++ library by name, so that ldd of the programs does not tell of them.
libraries() {
  { ldd "$@" | awk '$2 == "=>" { print $3 } $1 ~ /^\// && NF > 1 { print $1 }'
    ldconfig -p | awk '/x86-64|AArch64/ && /lib(ssl|crypto)\.so\.3/ { print $NF }'; } | sort -u
}
filesystem() { # directory, programs...
  local dir=$1; shift
  mkdir -p "$dir"/{bin,etc/ssl,tmp,lib64,usr/bin,var/lib,proc,sys,dev}
  chmod 1777 "$dir/tmp"
  install "$(command -v busybox)" "$dir/bin/busybox"
  "$dir/bin/busybox" --list | while read -r applet; do [ "$applet" = busybox ] || ln -s busybox "$dir/bin/$applet"; done
  cp -rL /etc/ssl/certs "$dir/etc/ssl/certs"
  printf 'root:x:0:0:root:/:/bin/sh\n' > "$dir/etc/passwd"
  printf 'root:x:0:\n' > "$dir/etc/group"
  libraries "$@" | while read -r library; do install -D "$library" "$dir$library"; done
}
import() { # directory, image, ENV...
  local dir=$1 image=$2; shift 2
  tar -C "$dir" --owner=0 --group=0 --numeric-owner -c . | $docker import "$@" - "$image" >/dev/null
  echo "$image"
}

dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
runtime=$(ls -d "$dotnet"/shared/Microsoft.NETCore.App/10.* | tail -1)
filesystem "$root/dotnet" "$dotnet/dotnet" "$runtime"/libcoreclr.so "$runtime"/libSystem.Native.so
mkdir -p "$root/dotnet/usr/share/dotnet"
cp -r "$dotnet"/{dotnet,host,shared} "$root/dotnet/usr/share/dotnet/"
ln -s /usr/share/dotnet/dotnet "$root/dotnet/usr/bin/dotnet"
import "$root/dotnet" rxchain-base/dotnet -c 'ENV PATH=/usr/bin:/bin' -c 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1'

filesystem "$root/build" "$(command -v etcd)"
cp -r "$published" "$root/build/published"
import "$root/build" rxchain-base/build -c 'ENV PATH=/usr/bin:/bin'

filesystem "$root/etcd" "$(command -v etcd)" "$(command -v etcdctl)"
install "$(command -v etcd)" "$(command -v etcdctl)" "$root/etcd/usr/bin/"
import "$root/etcd" rxchain-base/etcd -c 'ENV PATH=/usr/bin:/bin'
