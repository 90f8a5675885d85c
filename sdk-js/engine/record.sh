#!/usr/bin/env bash
# Writes down what the engines in dist/ were built from and with; `make test` compares it with the tree.
set -euo pipefail
cd "$(dirname "$0")/../.."

engine=sdk-js/engine
find wit "$engine" -type d \( -name conformance -o -name dist -o -name target -o -path wit/releases \) -prune \
  -o -type f ! -name record.sh ! -path 'wit/*.md' ! -name .gitignore ! -name README.md -print | LC_ALL=C sort | xargs sha256sum > "$engine/dist/sources.sha256"
{ rustc --version; "${CLANG:-clang-19}" --version | head -1; } > "$engine/dist/toolchain.txt"
