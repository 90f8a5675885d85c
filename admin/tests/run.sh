#!/usr/bin/env bash
# Checks the admin in the browser: types and lints, unit tests, and the built program driven in headless Chromium. Reports for
# tests/report.mjs are written to target/admin. Without Chromium the last part is skipped with a message; with CI set that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

reports=../target/admin
mkdir -p "$reports"
run() { node node_modules/vitest/vitest.mjs run --reporter=default --reporter=junit "$@"; }
npm run --silent check
run --outputFile.junit="$reports/unit.xml"
run --config vitest.browser.config.ts --outputFile.junit="$reports/browser.xml"
