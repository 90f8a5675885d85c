#!/usr/bin/env bash
# Builds hooks/normalise-email.wasm: bindings of the contract, read by Zig, then one core module, of which `aerocall` makes a component.
# Needs wit-bindgen (`cargo install wit-bindgen-cli --version 0.57.1 --no-default-features --features c`) and
# Zig (`pip install ziglang==0.17.1`, which is called `python3 -m ziglang`). The same versions give the same bytes.
set -euo pipefail
cd "$(dirname "$0")"
wit-bindgen c --world hook --out-dir src/bindings ../../wit
zig() { ${ZIG:-python3 -m ziglang} "$@"; }
zig translate-c -target wasm32-wasi -lc -Isrc/bindings src/bindings/hook.h >src/bindings/hook.zig
zig build-exe -target wasm32-wasi -lc -O ReleaseSmall -fno-entry -mexec-model=reactor -fstrip -Isrc/bindings \
  src/normalise_email.zig src/bindings/hook.c src/bindings/hook_component_type.o -femit-bin=hooks/normalise-email.wasm
chmod 644 hooks/normalise-email.wasm
