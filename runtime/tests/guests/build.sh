#!/usr/bin/env bash
# Builds the guest of the tests for both targets: ../fixtures/guest.wasm (a core module without WASI) and
# ../fixtures/guest-wasi.wasm (a component with it), the same bytes at every path. Needs rustc as in toolchain.txt, and
# `rustup target add wasm32-unknown-unknown wasm32-wasip2`.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
export CARGO_TARGET_DIR=${GUEST_TARGET_DIR:-$here/target}
maps=("$(rustc --print sysroot)/lib/rustlib/src/rust=/rust" "${CARGO_HOME:-$HOME/.cargo}=/cargo" "$CARGO_TARGET_DIR=/target" "$here/=")
flags=("${maps[@]/#/--remap-path-prefix=}")
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; echo "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS
unset RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS

build() { # TARGET NAME
  cargo build --quiet --release --locked --target "$1"
  cp "$CARGO_TARGET_DIR/$1/release/aerocall_test_guest.wasm" "../fixtures/$2"
  chmod 644 "../fixtures/$2"
}
mkdir -p ../fixtures
build wasm32-unknown-unknown guest.wasm
build wasm32-wasip2 guest-wasi.wasm
rustc --version > ../fixtures/toolchain.txt
(cd ../../.. && find wit runtime/tests/guests -path runtime/tests/guests/target -prune -o -path wit/releases -prune -o -type f ! -name '*.md' \
  ! -name .gitignore -print | LC_ALL=C sort | xargs sha256sum) > ../fixtures/sources.sha256
(cd ../fixtures && sha256sum guest.wasm guest-wasi.wasm)
