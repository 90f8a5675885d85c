#!/usr/bin/env bash
# Puts a cargo subcommand of one version into target/tools where it is missing: a built one of its project where that can be
# fetched, built from crates.io where it cannot. Use: tool.sh nextest|deny VERSION
set -euo pipefail
cd "$(dirname "$0")/.."
name=$1 version=$2 tools=$PWD/target/tools
export PATH="$tools/bin:$PATH"

cargo "$name" --version 2>/dev/null | grep -qwF "$version" && exit
mkdir -p "$tools/bin"
case $name-$(uname -s)-$(uname -m) in
  nextest-Linux-x86_64) url=https://get.nexte.st/$version/linux inside=cargo-nextest ;;
  deny-Linux-x86_64)
    inside=cargo-deny-$version-x86_64-unknown-linux-musl
    url=https://github.com/EmbarkStudios/cargo-deny/releases/download/$version/$inside.tar.gz inside+=/cargo-deny
    ;;
  *) url= ;;
esac
fetched() {
  local archive
  archive=$(mktemp) || return
  curl -sSfL --connect-timeout 5 --max-time 120 -o "$archive" "$url" &&
    tar -xzf "$archive" -O "$inside" >"$tools/bin/cargo-$name" && chmod +x "$tools/bin/cargo-$name" &&
    cargo "$name" --version | grep -qwF "$version"
  local result=$?
  rm -f "$archive"
  return $result
}
if [ -n "$url" ] && fetched; then exit; fi
rm -f "$tools/bin/cargo-$name"
echo "cargo-$name $version is built: no built one could be fetched" >&2
# Debug information would be most of what is built, and nobody looks at it.
CARGO_PROFILE_DEV_DEBUG=0 \
  cargo install --locked --debug --root "$tools" --target-dir "$tools/build" "cargo-$name@$version"
