#!/usr/bin/env bash
# The tests of the server with the core store on PostgreSQL instead of SQLite. Where there is none it says so; with CI set
# it fails.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null; then
  echo "skipped: there is no PostgreSQL at 127.0.0.1:5432" >&2
  [ -z "${CI:-}" ]
  exit
fi
# Built as the other tests are; only the binary of the server is run.
binary=$(cargo test --locked --workspace --test main --no-run 2>&1 | tee /dev/stderr |
  sed -n 's/.*Executable tests\/main.rs (\(.*\))/\1/p' | while read -r binary; do
    if "$binary" --list | grep -q '^matrix::'; then echo "$binary"; fi
  done)
# From the crate's own folder, as cargo runs it.
binary=$(realpath "$binary")
cd server
TEST_CORE=postgres "$binary"
