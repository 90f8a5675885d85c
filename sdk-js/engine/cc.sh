#!/usr/bin/env bash
# The C compiler of build.sh: puts our patches (README.md, "Positions" and "Conformance") on the copy of QuickJS that its
# crate compiles: the one of the release, and `language.patch`, which fits both releases.
set -euo pipefail
for argument in "$@"; do
  case $argument in
    */quickjs.c) grep -q aerocall_position "$argument" ||
      for patch in "$AEROCALL_QUICKJS_PATCH" "$(dirname "$0")/patches/language.patch"; do
        patch --batch --quiet --fuzz=0 --no-backup-if-mismatch "$argument" "$patch" >&2
      done ;;
  esac
done
exec "${CLANG:-clang-19}" "$@"
