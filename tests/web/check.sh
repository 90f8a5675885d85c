#!/usr/bin/env bash
# Types and lints of the repository's JavaScript and TypeScript, with the tools of this folder.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=tests/web/node_modules
# `typescript` is the release that openapi-typescript works with; sources are checked by the current one.
tsc() { node "$packages/typescript-7/bin/tsc" --noEmit --strict "$@"; }
# The examples' types are checked by the command that their authors have: cli/tests/examples.rs runs `aerocall check`.
echo "tsc -p sdk-js/package/tsconfig.json"
tsc -p sdk-js/package/tsconfig.json
echo "docs/openapi.json and its types"
node tests/web/openapi.mjs
node tests/web/openapi-members.mjs
tsc --module esnext --moduleResolution bundler --target es2022 --types "" tests/web/openapi-client.ts
echo "docs/deploy"
node tests/web/deploy.mjs
# The conformance cases are the odd corners of the language on purpose; what runs them is not.
folders=(examples sdk-js/engine/src/js sdk-js/engine/conformance/{all.js,generate.mjs} tests/packages tests/peers tests/ai tests/report.mjs tests/measure
  sdk-js/compiler/tests cli/tests/testing)
[ -d sdk-js/package ] && folders+=(sdk-js/package)
[ -d cli/template ] && folders+=(cli/template)
"$packages/.bin/biome" lint --config-path=tests/web/biome.jsonc --error-on-warnings "${folders[@]}"
# Of this folder, from within it: its configuration is the root of what it checks.
(cd tests/web && node_modules/.bin/biome lint --error-on-warnings ./*.mjs ./*.ts)
