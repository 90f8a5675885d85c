#!/usr/bin/env bash
# Builds the engine guest: sdk-js/engine → dist/quickjs.wasm with its SHA-256. Byte-identical from any path.
# Needs rustc with wasm32-unknown-unknown and Debian's clang-19 (packages clang-19, llvm-19).
set -euo pipefail
cd "$(dirname "$0")"

target=wasm32-unknown-unknown
cargo_home=${CARGO_HOME:-$HOME/.cargo}
export CC_wasm32_unknown_unknown=${CLANG:-clang-19} AR_wasm32_unknown_unknown=${LLVM_AR:-llvm-ar-19}
export CFLAGS_wasm32_unknown_unknown="-O3 -ffile-prefix-map=$PWD=/engine -ffile-prefix-map=$cargo_home=/cargo"
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-C link-arg=-zstack-size=1048576 --remap-path-prefix=$PWD=/engine --remap-path-prefix=$cargo_home=/cargo"
export CARGO_TARGET_DIR=${ENGINE_TARGET_DIR:-$PWD/target}

cargo build --release --locked --target "$target"
mkdir -p dist
cp "$CARGO_TARGET_DIR/$target/release/aerocall_engine.wasm" dist/quickjs.wasm
(cd dist && sha256sum quickjs.wasm > quickjs.wasm.sha256 && cat quickjs.wasm.sha256)
./record.sh
