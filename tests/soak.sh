#!/usr/bin/env bash
# The tests whose length is a setting, as long as a night's run: servers killed at every place twenty times, ten thousand
# events delivered, services that go away or misbehave under load (every row of cli/tests/failures/fault_table.rs twenty times, with
# a ledger of what was acknowledged), the simulation of deliveries and made-up programs with many seeds, a thousand rounds of one
# refresh token, on both stores; all tests of the server on PostgreSQL; and the container recipe. FAULT=name: one row of faults alone.
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=${CI:-true}
export CRASH_ROUNDS=${CRASH_ROUNDS:-20} DELIVERY_EVENTS=${DELIVERY_EVENTS:-10000}
export LOAD_PAUSE_MS=${LOAD_PAUSE_MS:-15} BACKUP_SECONDS=${BACKUP_SECONDS:-20}
export FAULT_ROUNDS=${FAULT_ROUNDS:-20} FAULT_SECONDS=${FAULT_SECONDS:-15}
export SIMULATION_SEEDS=${SIMULATION_SEEDS:-100000} REFRESH_ROUNDS=${REFRESH_ROUNDS:-1000}
# Two nodes whose workers have the same rows before them.
export CONTENTION_SECONDS=${CONTENTION_SECONDS:-120}
# Made-up statements that PostgreSQL and the reader of statements read.
export STATEMENT_SEEDS=${STATEMENT_SEEDS:-300000}

# Made-up programs, in a hook and in Node.js after TypeScript's own compiler.
export TRANSFORM_SEEDS=${TRANSFORM_SEEDS:-20000}

# Every function of SQLite with its largest arguments, in loops and in rows.
export MEASURE_FUNCTIONS=${MEASURE_FUNCTIONS:-all}

refresh='test(=sessions::of_any_number_of_requests_with_one_token_one_makes_the_successor)'
cargo nextest run --locked --workspace --profile soak \
  -E "binary_id(aerocall-cli::failures) + test(/^worker::(webhooks::)?simulation::/) + test(/^storage::tenant::sqlite::interruption::/) + test(/^storage::tenant::postgres::reading::/) + test(/^transform::/) + test(/^(storage::store|nodes)::contention::/) + $refresh"
tests/on-postgres.sh postgres-all
TEST_CORE=postgres cargo nextest run --locked --workspace --profile soak -E "binary_id(aerocall-server::main) & $refresh"
tests/container.sh
