#!/usr/bin/env bash
# The engine's own clippy, for the target it is built for where that can be had (it needs clang for QuickJS), with the
# workspace's lints that apply to it.
set -euo pipefail
cd "$(dirname "$0")/../sdk-js/engine"

lints=(-D warnings -W clippy::unwrap_used -W clippy::todo -W clippy::dbg_macro -W clippy::too_many_lines)
target=()
if command -v "${CLANG:-clang-19}" >/dev/null && [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ]; then
  target=(--target wasm32-unknown-unknown)
  export CC_wasm32_unknown_unknown=${CLANG:-clang-19} AR_wasm32_unknown_unknown=${LLVM_AR:-llvm-ar-19}
fi
export CARGO_TARGET_DIR=../../target/engine-check
cargo clippy --locked "${target[@]}" -- "${lints[@]}"
