#!/usr/bin/env bash
# The tests of the server with the core store on PostgreSQL instead of SQLite: of what `make test-rust` has built, the tests that
# the profile `postgres` of .config/nextest.toml chooses, or the one that is named: tests/on-postgres.sh postgres-all. Where there is
# no PostgreSQL it says so; with CI set it fails.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null; then
  echo "skipped: there is no PostgreSQL at 127.0.0.1:5432" >&2
  [ -z "${CI:-}" ]
  exit
fi
# The whole workspace is selected, and one program run: a part of it would be built with other features.
TEST_CORE=postgres cargo nextest run --locked --workspace --profile "${1:-postgres}"
