#!/usr/bin/env bash
# Builds hooks/rate-limit-by-ip.wasm: bindings of the contract, then one core module, of which `aerocall` makes a component.
# Needs wit-bindgen (`cargo install wit-bindgen-cli --version 0.57.1 --no-default-features --features c`) and
# clang-19 with lld-19. The same versions give the same bytes.
set -euo pipefail
cd "$(dirname "$0")"
wit-bindgen c --world hook --out-dir src/bindings ../../wit
"${CLANG:-clang-19}" --target=wasm32-unknown-unknown -std=c17 -Os -Wall -Wextra -Wno-unused-parameter -Werror \
  -ffreestanding -fno-builtin -nostdlib -isystem src/libc -Isrc/bindings -ffile-prefix-map="$PWD=." \
  -Wl,--no-entry -Wl,--gc-sections -Wl,-z,stack-size=65536 -Wl,--stack-first -Wl,--strip-debug \
  src/rate_limit.c src/memory.c src/bindings/hook.c src/bindings/hook_component_type.o -o hooks/rate-limit-by-ip.wasm
chmod 644 hooks/rate-limit-by-ip.wasm
