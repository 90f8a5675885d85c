#!/usr/bin/env bash
# Looks for the programs that `make run` and `make test` call, and prints the line that installs each missing one.
# Use: prerequisites.sh run|test
set -uo pipefail
missing=0

# need WHAT LINE: says what is missing and how to get it.
need() {
  echo "missing: $1" >&2
  echo "    $2" >&2
  missing=1
}

# at_least FOUND WANTED: compares versions like 1.95.0.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]; }

rust=1.95
if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
  need "Rust $rust or later" "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
else
  version=$(rustc --version | cut -d' ' -f2)
  at_least "$version" "$rust" || need "Rust $rust or later (this is $version)" "rustup update stable"
fi
command -v cc >/dev/null || need "a C compiler" "apt-get install -y gcc libc6-dev"

# Builds the admin in the browser.
node=20
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  need "Node.js $node or later with npm" "apt-get install -y nodejs npm"
else
  version=$(node --version | tr -d v)
  at_least "$version" "$node" || need "Node.js $node or later (this is $version)" "npm install -g n && n $node"
fi

if [ "${1:-run}" = test ]; then
  command -v cargo >/dev/null && for part in fmt clippy; do
    component=${part/#fmt/rustfmt}
    cargo "$part" --version >/dev/null 2>&1 || rustup component add "$component" ||
      need "cargo $part" "rustup component add $component"
  done
  # Hooks in Rust are built for both.
  for target in wasm32-unknown-unknown wasm32-wasip2; do
    [ -d "$(rustc --print target-libdir --target "$target" 2>/dev/null)" ] || rustup target add "$target" ||
      need "the Rust target $target" "rustup target add $target"
  done
  # Debian has it where only root's shell looks.
  command -v haproxy >/dev/null || [ -x /usr/sbin/haproxy ] || need "haproxy" "apt-get install -y haproxy"
fi
exit $missing
