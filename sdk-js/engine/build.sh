#!/usr/bin/env bash
# build.sh [quickjs|javy|all]: builds the engine guests, sdk-js/engine → dist/<engine>.wasm with its SHA-256. Byte-identical
# from any path, cargo home and target directory. What it needs, and how to update: README.md.
set -euo pipefail
cd "$(dirname "$0")"
engine_dir=$PWD
cargo_home=${CARGO_HOME:-$HOME/.cargo}
export CARGO_TARGET_DIR=${ENGINE_TARGET_DIR:-$engine_dir/target}

# Paths of this machine must not reach the binary: panics and assertions carry file names.
maps=(
  "$(rustc --print sysroot)/lib/rustlib/src/rust=/rust" "$engine_dir=/engine" "$cargo_home=/cargo" "$CARGO_TARGET_DIR=/target"
)
rust_flags() { # FLAG…: for CARGO_ENCODED_RUSTFLAGS, which takes paths with spaces
  local flags=("$@" "${maps[@]/#/--remap-path-prefix=}")
  local IFS=$'\x1f'
  echo "${flags[*]}"
}
c_flags() { # FLAG…
  local flags=(-O3 "${maps[@]/#/-ffile-prefix-map=}" "$@")
  printf '%q ' "${flags[@]}"
}
export CC_SHELL_ESCAPED_FLAGS=1
# The flag names the patches, so that cargo compiles QuickJS anew when they change.
use_patch() { # FILE
  export AEROCALL_QUICKJS_PATCH=$engine_dir/patches/$1
  patch_flag=-DAEROCALL_PATCH=$(cat "$AEROCALL_QUICKJS_PATCH" "$engine_dir/patches/language.patch" | sha256sum | cut -c1-16)
}
stack=-Clink-arg=-zstack-size=1048576

finish() { # ENGINE
  (cd dist && sha256sum "$1.wasm" > "$1.wasm.sha256" && cat "$1.wasm.sha256")
}

build_quickjs() {
  local target=wasm32-unknown-unknown patch_flag
  use_patch quickjs-0.16.2.patch
  CC_wasm32_unknown_unknown=$engine_dir/cc.sh AR_wasm32_unknown_unknown=${LLVM_AR:-llvm-ar-19} \
  CFLAGS_wasm32_unknown_unknown=$(c_flags "$patch_flag") CARGO_ENCODED_RUSTFLAGS=$(rust_flags "$stack") \
    cargo build --release --locked --target "$target"
  cp "$CARGO_TARGET_DIR/$target/release/aerocall_engine.wasm" dist/quickjs.wasm
  finish quickjs
}

build_javy() {
  local target=wasm32-wasip1 headers=${WASI_HEADERS:-/usr/include/wasm32-wasi} patch_flag
  use_patch quickjs-0.15.1.patch
  RQUICKJS_SYS_NO_WASI_SDK=1 LIBCLANG_PATH=${LIBCLANG_PATH:-/usr/lib/llvm-19/lib} \
  BINDGEN_EXTRA_CLANG_ARGS_wasm32_wasip1="-isystem $headers -fvisibility=default" \
  CC_wasm32_wasip1=$engine_dir/cc.sh AR_wasm32_wasip1=${LLVM_AR:-llvm-ar-19} \
  CFLAGS_wasm32_wasip1=$(c_flags "$patch_flag" -isystem "$headers" -include "$engine_dir/src/wasi/stack_check.h") \
  CARGO_ENCODED_RUSTFLAGS=$(rust_flags "$stack" -Clink-arg=--wrap=free -Clink-arg=--wrap=realloc) \
    cargo build --release --locked --target "$target" --no-default-features --features javy
  cargo run --quiet --locked --manifest-path adapter/Cargo.toml -- \
    "$CARGO_TARGET_DIR/$target/release/aerocall_engine.wasm" dist/javy.wasm
  finish javy
}

mkdir -p dist
case ${1:-all} in
  quickjs) build_quickjs ;;
  javy) build_javy ;;
  all) build_quickjs; build_javy ;;
  *) echo "usage: build.sh [quickjs|javy|all]" >&2; exit 2 ;;
esac
./record.sh
