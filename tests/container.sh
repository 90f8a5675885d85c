#!/usr/bin/env bash
# docs/deploy/Dockerfile without Docker: its build in a copy of what .dockerignore lets through, its image as a root directory
# that debootstrap makes, and its command as a cluster runs it: as its user, on a file system that cannot be written, with the
# variables of a Service. As root on Debian; elsewhere it says that it is skipped, and fails where CI is set.
# AEROCALL_BINARY: a program that was built already, instead of the build.
set -euo pipefail
cd "$(dirname "$0")/.."
recipe=docs/deploy/Dockerfile

skip() {
  echo "container: skipped, $1" >&2
  [ -z "${CI:-}" ]
  exit
}
fail() { echo "container: $1" >&2; exit 1; }

[ "$(id -u)" = 0 ] || skip "this is not root"
command -v debootstrap >/dev/null || { command -v apt-get >/dev/null && apt-get install -y -qq --no-install-recommends debootstrap >/dev/null; } ||
  skip "debootstrap is not installed"
# What is mounted below is gone with this process.
[ -n "${CONTAINER_INSIDE:-}" ] || CONTAINER_INSIDE=1 exec unshare --mount --propagation private "$0"

work=$(mktemp -d)
source=$work/source root=$work/root
server=
end() {
  # What it has open keeps its root from being unmounted, and what is mounted read-only cannot be deleted.
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  for at in dev proc tmp "${data:-}" '' dev proc; do umount -R "$root/$at" 2>/dev/null || true; done
  rm -rf --one-file-system "$work"
}
trap end EXIT

# One instruction a line: what ends with a backslash goes on.
instructions=$(sed '/^#/d' "$recipe" | awk '{ more = sub(/\\$/, ""); line = line $0; if (!more) { if (line != "") print line; line = "" } }')
stage() { awk -v wanted="$1" '/^FROM / { at += 1 } at == wanted' <<<"$instructions"; }
# Those before the last build what the last one copies.
last=$(grep -c '^FROM ' <<<"$instructions")
# said INSTRUCTION: what the image's stage says of it.
said() { stage "$last" | sed -n "s/^$1 //p"; }

binary=${AEROCALL_BINARY:-}
if [ -z "$binary" ]; then
  target=$(realpath -m "${CARGO_TARGET_DIR:-target}")/container
  mkdir -p "$source"
  node tests/web/context.mjs | tar -c -T - | tar -x -C "$source"
  [ -e "$source/Cargo.toml" ] && [ ! -e "$source/.git" ] || fail "what is copied is not the source"
  # One copy of the source is enough for all of them: what a stage copies from another is there.
  for at in $(seq $((last - 1))); do stage "$at" | sed -n 's/^RUN //p'; done >"$work/build.sh"
  (cd "$source" && CARGO_TARGET_DIR=$target sh -e "$work/build.sh")
  binary=$target/release/aerocall
fi

suite=$(said FROM | sed 's/^debian:\([a-z]*\).*/\1/')
debootstrap --variant=minbase "$suite" "$root" >"$work/debootstrap.log" || { tail -5 "$work/debootstrap.log" >&2; fail "debootstrap"; }
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount --bind /dev "$root/dev"
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
said RUN | while read -r line; do
  chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
    sh -ec "$line" >"$work/run.log" 2>&1 || { tail -5 "$work/run.log" >&2; fail "RUN $line"; }
done
install -m 0755 "$binary" "$root$(said COPY | awk '{ print $NF }')"
[ -s "$root/etc/ssl/certs/ca-certificates.crt" ] || fail "there are no certificates of authorities"

user=$(said USER)
mapfile -t command < <(said CMD | node -e 'for (const word of JSON.parse(require("fs").readFileSync(0, "utf8"))) console.log(word)')
mapfile -t variables < <(said ENV | tr ' ' '\n')
grep -qx 'AEROCALL_LISTEN=0.0.0.0:8080' <<<"$(printf '%s\n' "${variables[@]}")" || fail "the image does not listen to others"
[ "$(said EXPOSE)" = 8080 ] || fail "the image names another port"
data=$(printf '%s\n' "${variables[@]}" | sed -n 's/^AEROCALL_DATA_DIR=//p')
[ "$(stat -c '%u %a' "$root$data")" = "$user 700" ] || fail "$data is not its user's alone: $(stat -c '%u %a' "$root$data")"

# As docs/deploy/kubernetes.yaml has it.
mount --bind "$root" "$root" && mount -o remount,bind,ro "$root"
mount -t tmpfs -o "mode=0700,uid=$user" tmpfs "$root$data"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
mount --bind /dev "$root/dev"
token=0123456789abcdef0123456789abcdef
# On this machine alone, on any port.
chroot --userspec="$user:$user" "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin "${variables[@]}" \
  AEROCALL_LISTEN=127.0.0.1:0 AEROCALL_METRICS_TOKEN=$token AEROCALL_LOG_FORMAT=json \
  AEROCALL_PORT=tcp://10.96.0.7:80 AEROCALL_SERVICE_HOST=10.96.0.7 AEROCALL_PORT_80_TCP_ADDR=10.96.0.7 \
  "${command[@]}" >"$work/output" 2>"$work/log" &
server=$!
for _ in $(seq 300); do
  grep -q '^listening on ' "$work/output" && break
  kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; fail "it does not start"; }
  sleep 0.2
done
url=$(sed -n 's/^listening on //p' "$work/output")
# status PATH [OPTION…]
status() { curl -s -o /dev/null -w '%{http_code}' "$url$1" "${@:2}"; }
for asked in '/healthz 200' '/readyz 200' '/metrics 404' '/docs 200'; do
  [ "$(status "${asked% *}")" = "${asked#* }" ] || fail "${asked% *} answers $(status "${asked% *}")"
done
[ "$(status /metrics -H "Authorization: Bearer $token")" = 200 ] || fail "/metrics cannot be read with the token"
[ "$(ps -o uid= -p "$server" | tr -d ' ')" = "$user" ] || fail "it runs as somebody else"
[ "$(stat -c '%u %a' "$root$data/master.key")" = "$user 600" ] || fail "the master key is readable for others"
# What is asked for again and again, such as /healthz, is logged at debug.
grep -q '"path":"/docs"' "$work/log" || fail "the request is not in the log"
grep -q 'AEROCALL_SERVICE_HOST' "$work/log" || fail "the variables of a Service are not named"
kill -TERM "$server"
wait "$server" || fail "it does not end well: $?"
server=
echo "container: the recipe works: $suite, user $user, read-only, ${command[*]}"
