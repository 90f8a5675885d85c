#!/usr/bin/env bash
# Types and lints of the repository's JavaScript and TypeScript, with the tools of this folder.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=tests/web/node_modules/.bin
# The examples' types are checked by the command that their authors have: cli/tests/examples.rs runs `aerocall check`.
echo "tsc -p sdk-js/package/tsconfig.json"
"$tools/tsc" --noEmit --strict -p sdk-js/package/tsconfig.json
# The conformance cases are the odd corners of the language on purpose; what runs them is not.
folders=(examples sdk-js/engine/src/js sdk-js/engine/conformance/{all.js,generate.mjs} tests/packages tests/peers tests/report.mjs)
[ -d sdk-js/package ] && folders+=(sdk-js/package)
[ -d cli/template ] && folders+=(cli/template)
"$tools/biome" lint --config-path=tests/web/biome.jsonc --error-on-warnings "${folders[@]}"
