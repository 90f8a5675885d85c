// Counts the members of answers in docs/openapi.json and prints each one that may be missing. Its description, or that of its
// object, says when it is `absent` or `omitted`; a member that could always be there is required instead, and `null` if it has
// no value.

import { readFileSync } from "node:fs";

const document = JSON.parse(readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8"));

/** Where each object stands: in a named schema, or in an answer without a name. */
const objects = new Map();
const named = new Set();
/** Answers whose members have no type of their own. */
const untyped = [];

function visit(schema, place) {
  if (schema === null || typeof schema !== "object") {
    return;
  }
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1);
    if (!named.has(name)) {
      named.add(name);
      visit(document.components.schemas[name], name);
    }
  }
  if (schema.properties) {
    objects.set(schema, place);
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    visit(member, `${place}.${name}`);
  }
  for (const one of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) {
    visit(one, place);
  }
  visit(schema.items, `${place}[]`);
  visit(schema.additionalProperties, `${place}.*`);
}

for (const [path, operations] of Object.entries(document.paths)) {
  for (const [method, { responses }] of Object.entries(operations)) {
    for (const response of Object.values(responses)) {
      const schema = response.content?.["application/json"]?.schema;
      const place = `${method.toUpperCase()} ${path}`;
      if (schema?.properties) {
        untyped.push(place);
      }
      visit(schema, place);
    }
  }
}

let members = 0;
const optional = [];
const explains = (text) => /\b(absent|omitted)\b/i.test(text);
for (const [{ description: about = "", properties, required = [] }, place] of objects) {
  members += Object.keys(properties).length;
  for (const [name, { description = "" }] of Object.entries(properties)) {
    if (!required.includes(name)) {
      optional.push({ member: `${place}.${name}`, description, known: explains(description) || explains(about) });
    }
  }
}

const isTyped = ({ member }) => !untyped.some((place) => member.startsWith(place));
console.log(`${members} members of answers, ${optional.length} of them optional; ${untyped.length} answers without a type`);
for (const { member, description } of optional.filter(isTyped)) {
  console.log(`  ${member}: ${description}`);
}
const unexplained = optional.filter((one) => isTyped(one) && !one.known);
for (const { member } of unexplained) {
  console.error(`${member} may be missing, and no description says when it is absent`);
}
process.exitCode = unexplained.length > 0 ? 1 : 0;
