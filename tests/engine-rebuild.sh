#!/usr/bin/env bash
# Builds the engines in sdk-js/engine/dist anew and compares them with the committed ones, byte for byte.
# Exit codes: 0 the same, or not comparable here (said, with the reason); 1 different, or the build failed.
#
# Only the toolchain that built the committed ones (sdk-js/engine/dist/toolchain.txt) gives the same bytes. Where another
# is installed, or clang or the target cannot be had, the comparison is left to the next machine that has them; that the
# committed engine belongs to the committed sources is checked everywhere, by `make test` (sources.sha256).
set -euo pipefail
cd "$(dirname "$0")/.."

dist=sdk-js/engine/dist
leave() { echo "engine: not rebuilt, $1"; exit 0; }

command -v "${CLANG:-clang-19}" >/dev/null || leave "clang-19 is missing: apt-get install -y clang-19 llvm-19"
command -v patch >/dev/null || leave "patch is missing: apt-get install -y patch"
[ -e /usr/lib/llvm-19/lib/libclang.so ] && [ -d /usr/include/wasm32-wasi ] ||
  leave "libclang or the WASI headers are missing: apt-get install -y libclang-19-dev wasi-libc"
for target in wasm32-unknown-unknown wasm32-wasip1; do
  [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ] ||
    timeout 120 rustup target add "$target" || leave "rustup target add $target failed"
done
here=$(rustc --version; "${CLANG:-clang-19}" --version | head -1)
[ "$here" = "$(cat $dist/toolchain.txt)" ] || leave "another toolchain built it: $(tr '\n' ' ' < $dist/toolchain.txt)"

committed=$(mktemp -d)
trap 'rm -rf "$committed"' EXIT
cp "$dist"/*.wasm "$committed"
ENGINE_TARGET_DIR=$PWD/target/engine timeout 1200 sdk-js/engine/build.sh
for engine in "$committed"/*.wasm; do
  cmp "$engine" "$dist/$(basename "$engine")" || { echo "engine: $(basename "$engine") is not what its sources build"; exit 1; }
done
echo "engine: rebuilt, byte for byte the committed one"
