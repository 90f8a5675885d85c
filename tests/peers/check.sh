#!/usr/bin/env bash
# What others make of a running server: tokens checked by jose and PyJWT through its published keys, webhooks by
# standardwebhooks, and every endpoint of its OpenAPI document tried by schemathesis. Without node or python3 it says that it is skipped; with CI set it fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
python=$target/peers/venv/bin

for program in node npm python3 curl; do
  command -v "$program" >/dev/null && continue
  echo "peers: skipped, there is no $program" >&2
  [ -z "${CI:-}" ]
  exit
done
if ! cmp -s tests/peers/requirements.txt "$target/peers/requirements.txt"; then
  rm -rf "$target/peers/venv"
  mkdir -p "$target/peers"
  python3 -m venv "$target/peers/venv"
  "$python/pip" install --quiet --disable-pip-version-check -r tests/peers/requirements.txt
  cp tests/peers/requirements.txt "$target/peers/requirements.txt"
fi

data=$(mktemp -d)
export AEROCALL_LISTEN=127.0.0.1:0 AEROCALL_DATA_DIR=$data AEROCALL_PASSWORD_MEMORY_KIB=128 AEROCALL_LIMITS_ENABLED=false
export AEROCALL_EGRESS_PRIVATE_NETWORKS=127.0.0.0/8
"$target/debug/aerocall" serve --demo >"$data/output" 2>"$data/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$data"' EXIT
for _ in $(seq 300); do
  grep -q 'admin token' "$data/output" && break
  kill -0 "$server" || { cat "$data/log" >&2; exit 1; }
  sleep 0.2
done
url=$(sed -n 's/^listening on //p' "$data/output")
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
key=$(field publishable_key <"$data/demo.json")
admin=$(field admin_token <"$data/demo.json")
token=$(curl -sf "$url/auth/register" -H "X-Aerocall-Key: $key" -H 'Content-Type: application/json' \
  -d '{"email":"peer@work.example","password":"correct horse battery"}' | field access_token)

node tests/peers/jose.mjs "$url" "$key" "$token"
node tests/peers/webhooks.mjs "$url" "$key" "$admin"
"$python/python" tests/peers/pyjwt.py "$url" "$key" "$token"

# try WHAT PATHS BEARER [OPTION…]: every endpoint whose path matches.
try() {
  echo "schemathesis: $1"
  "$python/schemathesis" --config-file tests/peers/schemathesis.toml run "$url/openapi.json" --url "$url" \
    --include-path-regex "$2" "${@:4}" -H "X-Aerocall-Key: $key" -H "Authorization: Bearer $3" --no-color >"$data/report" 2>&1 ||
    { cat "$data/report" "$data/log" >&2; exit 1; }
  tail -5 "$data/report"
}
# Logging out would end the session that the others need.
try 'the auth API' '^/auth/' "$token" --exclude-path /auth/logout
try 'logging out' '^/auth/logout$' "$token"
# A stream has no end to wait for; each try and each build of a draft is a process or a store of its own.
# What a model has to answer is tried with one that is written down (server/tests/assistant).
try 'the admin API' '^/admin/(?!.*/(stream|try|backtests|check|hooks/[^/]+/assistant|assistant/test)$)' "$admin"
try 'the rest' '^/(healthz|readyz|metrics|docs|openapi|.well-known)' "$admin"
if grep -q ERROR "$data/log"; then
  echo "peers: the server has logged errors" >&2
  cat "$data/log" >&2
  exit 1
fi
