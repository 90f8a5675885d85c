#!/usr/bin/env bash
# Builds the pages into dist/: checks the types, bundles, compresses every file (brotli 11, gzip 9) and writes the sizes into
# dist/budget.json. Does nothing where dist/ is newer than every source.
set -euo pipefail
cd "$(dirname "$0")"

if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi

sources=(src public index.html package-lock.json tsconfig.json vite.config.ts build.sh tools ../docs/openapi.d.ts)
if [ -e dist/budget.json ] && [ -z "$(find "${sources[@]}" -newer dist/budget.json -print -quit 2>/dev/null)" ]; then
  echo "admin/dist is up to date"
  exit 0
fi

node node_modules/typescript/bin/tsc --noEmit -p .
node node_modules/vite/bin/vite.js build --logLevel warn
node tools/compress.mjs dist
