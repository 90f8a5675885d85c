// docs/openapi.json as other programs read it: it is valid OpenAPI 3.1 with examples that fit their schemas, and
// docs/openapi.d.ts has its types. With `--write` the types are written, otherwise they must be the committed ones.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createConfig, lint } from "@redocly/openapi-core";
import openapiTypeScript, { astToString } from "openapi-typescript";

const document = new URL("../../docs/openapi.json", import.meta.url);
const types = new URL("../../docs/openapi.d.ts", import.meta.url);

const HEADER = `// Requests and answers of the server, generated from openapi.json by \`tests/web/openapi.mjs --write\`.
// Every named schema is a type of its name (\`User\`, \`SignIn\`, …); \`paths\` and \`operations\` have the rest.

`;

/** What makes a document that generators of clients and validators agree on. */
const rules = {
  struct: "error",
  "no-unresolved-refs": "error",
  "no-identical-paths": "error",
  "no-undefined-server-variable": "error",
  "no-enum-type-mismatch": "error",
  "no-schema-type-mismatch": "error",
  "no-unused-components": "error",
  "operation-operationId": "error",
  "operation-operationId-unique": "error",
  "operation-parameters-unique": "error",
  "path-declaration-must-exist": "error",
  "path-parameters-defined": "error",
  "security-defined": "error",
  "no-required-schema-properties-undefined": "error",
  "no-invalid-parameter-examples": "error",
  // That nobody answers members that are not described is held by the server's tests.
  "no-invalid-schema-examples": { severity: "error", allowAdditionalProperties: true },
  "no-invalid-media-type-examples": { severity: "error", allowAdditionalProperties: true },
};

/** Without what types do not say: headers, and the codes of each status of an error, which all have the same envelope. */
function forTypes(whole) {
  for (const operation of Object.values(whole.paths).flatMap(Object.values)) {
    for (const [status, response] of Object.entries(operation.responses)) {
      delete response.headers;
      if (/^[45]/.test(status) && response.content["application/json"].schema.$ref?.endsWith("/Error")) {
        delete operation.responses[status];
        operation.responses.default = { ...response, description: "An error." };
      }
    }
  }
  delete whole.components.headers;
  return whole;
}

const config = await createConfig({ rules });
const problems = await lint({ ref: fileURLToPath(document), config });
for (const { location, message, ruleId } of problems) {
  console.error(`docs/openapi.json ${location[0]?.pointer ?? ""}: ${message} (${ruleId})`);
}

const options = { rootTypes: true, rootTypesNoSchemaPrefix: true, emptyObjectsUnknown: true };
const tree = await openapiTypeScript(forTypes(JSON.parse(readFileSync(document, "utf8"))), options);
const generated = HEADER + astToString(tree);
if (process.argv.includes("--write")) {
  writeFileSync(types, generated);
} else if (readFileSync(types, "utf8") !== generated) {
  console.error("docs/openapi.d.ts differs from docs/openapi.json: run `node tests/web/openapi.mjs --write` and commit it");
  process.exitCode = 1;
}
if (problems.length > 0) {
  process.exitCode = 1;
}
