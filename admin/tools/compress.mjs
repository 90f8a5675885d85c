// Writes `file.br` and `file.gz` beside every file of a build, and `budget.json`: what each page loads, in compressed bytes.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const dist = process.argv[2] ?? "dist";
const manifestFile = join(dist, "manifest.json");
const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
const compressed = new Set([".woff2", ".png", ".br", ".gz"]);
const [toGzip, toBrotli] = [promisify(gzip), promisify(brotliCompress)];

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

/** Compresses one file; answers with what a browser that takes gzip loads of it. */
async function compress(path) {
  const name = relative(dist, path);
  const bytes = readFileSync(path);
  // The server writes the nonce of each answer into index.html, so it is compressed as it is sent.
  if (name === "index.html" || compressed.has(path.slice(path.lastIndexOf(".")))) return [name, bytes.length];
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const [zipped, brotli] = await Promise.all([toGzip(bytes, { level: 9 }), toBrotli(bytes, { params })]);
  writeFileSync(`${path}.gz`, zipped);
  writeFileSync(`${path}.br`, brotli);
  return [name, zipped.length];
}

/** The files that an entry of the manifest loads before it runs. */
function closure(name, seen = new Set(), found = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) return found;
  seen.add(name);
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const imported of chunk.imports ?? []) closure(imported, seen, found);
  return found;
}

mkdirSync(dist, { recursive: true });
rmSync(manifestFile);
const sizes = new Map(await Promise.all(files(dist).map(compress)));
const total = (names) => [...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
const entry = Object.keys(manifest).find((name) => manifest[name].isEntry);
const first = closure(entry);
const pages = {};
for (const [name, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry || !name.startsWith("src/")) continue;
  const own = [...closure(name)];
  pages[name] = { all: total(new Set([...own, ...first])), own: total(own.filter((file) => !first.has(file))) };
}
const budget = { unit: "bytes, gzip 9", first: total(first), pages };
writeFileSync(join(dist, "budget.json"), `${JSON.stringify(budget, null, 2)}\n`);
const raw = files(dist).filter((path) => !/\.(br|gz)$/.test(path));
console.log(
  `built: ${raw.length} files, ${raw.reduce((sum, path) => sum + statSync(path).size, 0)} bytes, ${total(first)} bytes gz before the first page`,
);
