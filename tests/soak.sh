#!/usr/bin/env bash
# The tests whose length is a setting, as long as a night's run: servers killed at every place twenty times, ten thousand
# events delivered, the simulation of deliveries with many seeds, a thousand rounds of one refresh token, on both stores.
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=${CI:-true}
export CRASH_ROUNDS=${CRASH_ROUNDS:-20} DELIVERY_EVENTS=${DELIVERY_EVENTS:-10000}
export SIMULATION_SEEDS=${SIMULATION_SEEDS:-100000} REFRESH_ROUNDS=${REFRESH_ROUNDS:-1000}

refresh='test(=sessions::of_any_number_of_requests_with_one_token_one_makes_the_successor)'
cargo nextest run --locked --workspace --profile soak \
  -E "binary_id(aerocall-cli::failures) + test(/^worker::webhooks::simulation::/) + $refresh"
TEST_CORE=postgres cargo nextest run --locked --workspace --profile soak -E "binary_id(aerocall-server::main) & $refresh"
