// Writes kubernetes.schema.json: of the published schemas of Kubernetes, what the manifests in docs/deploy need, without
// descriptions. Its argument is the file of strict definitions in the PyPI package kubernetes-validate 1.37.0 (Apache-2.0),
// kubernetes-json-schema/v1.37.0-local-strict/_definitions.json.

import { readFileSync, writeFileSync } from "node:fs";

const KINDS = {
  "v1 ConfigMap": "io.k8s.api.core.v1.ConfigMap",
  "v1 Service": "io.k8s.api.core.v1.Service",
  "batch/v1 Job": "io.k8s.api.batch.v1.Job",
  "apps/v1 Deployment": "io.k8s.api.apps.v1.Deployment",
};
const REF = "#/$defs/";

const all = JSON.parse(readFileSync(process.argv[2], "utf8")).$defs;

/** Without what only people read. A property may be called `description`; a text is a description. */
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(
    ([name, member]) => !(name === "description" && typeof member === "string") && !name.startsWith("x-kubernetes-"),
  );
  return Object.fromEntries(kept.map(([name, member]) => [name, bare(member)]));
}

function references(value) {
  if (value === null || typeof value !== "object") return [];
  const own = typeof value.$ref === "string" ? [value.$ref.slice(REF.length)] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

const found = {};
const wanted = Object.values(KINDS);
for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
  if (found[name]) continue;
  found[name] = bare(all[name]);
  wanted.push(...references(found[name]));
}
const schema = {
  $comment: "Kubernetes 1.37, Apache-2.0; written by tests/web/kubernetes-schema.mjs",
  kinds: Object.fromEntries(Object.entries(KINDS).map(([kind, name]) => [kind, REF + name])),
  $defs: Object.fromEntries(Object.entries(found).sort(([one], [other]) => (one < other ? -1 : 1))),
};
writeFileSync(new URL("kubernetes.schema.json", import.meta.url), `${JSON.stringify(schema)}\n`);
