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
# Built as the other tests are; only the binary of the server is run: the one that has the matrix.
built=$(cargo test --locked --workspace --test main --no-run 2>&1 | tee /dev/stderr |
  sed -n 's/.*Executable tests\/main.rs (\(.*\))/\1/p')
for candidate in $built; do
  # The whole list is read before it is looked at: a pipe that closes early is an error of the one that writes.
  list=$("$candidate" --list)
  case $list in *matrix::*) binary=$candidate ;; esac
done
# From the crate's own folder, as cargo runs it.
binary=$(realpath "${binary:?none of the built tests is the server}")
cd server
TEST_CORE=postgres "$binary"
