#!/usr/bin/env bash
# Builds the pages into dist/: checks the types, bundles, compresses every file (brotli 11, gzip 9) and writes the sizes into
# dist/budget.json. Does nothing where dist/ is newer than every source. Two builds at once do not disturb each other.
set -euo pipefail
cd "$(dirname "$0")"

# By what is in it and not by its age: a checkout makes every file new.
installed=node_modules/.package-lock.installed.json
if ! cmp -s package-lock.json "$installed"; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json "$installed"
fi

sources=(src index.html package-lock.json tsconfig.json vite.config.ts build.sh tools ../docs/openapi.d.ts ../sdk-js/package/src)
if [ -e dist/budget.json ] && [ -z "$(find "${sources[@]}" -newer dist/budget.json -print -quit)" ]; then
  echo "admin/dist is up to date"
  exit 0
fi

next=dist.$$
trap 'rm -rf "$next"' EXIT
node node_modules/typescript/bin/tsc --noEmit -p .
node node_modules/vite/bin/vite.js build --outDir "$next" --emptyOutDir --logLevel warn
node tools/compress.mjs "$next"
rm -rf dist
mv "$next" dist
