// Writes expected.json: what Node answers for each case (known.json: where the engine differs, and how). Run it as `node conformance/generate.mjs`;
// with `--check` nothing is written: it ends with 1 where the answers differ from the file.
import { readFileSync, writeFileSync } from "node:fs";
import { formatWithOptions } from "node:util";

/** The release whose answers are kept. Others print some objects and errors in another way. */
const NODE_MAJOR = 20;

process.env.TZ = "UTC";
globalThis.conformanceFormat = (...values) => formatWithOptions({}, ...values);
process.on("unhandledRejection", () => {});

const file = new URL("./expected.json", import.meta.url);
const read = (url) => JSON.parse(readFileSync(url, "utf8"));
const { run } = await import("./all.js");
const results = await run();
for (const name of Object.keys(read(new URL("./known.json", import.meta.url)))) {
  if (!(name in results)) throw new Error(`known.json names ${name}, which is no case`);
}
const version = `${Object.keys(results).length} cases from Node ${process.version}`;
const isPinned = Number(process.versions.node.split(".")[0]) === NODE_MAJOR;

if (process.argv.includes("--check")) {
  const expected = read(file);
  const names = new Set([...Object.keys(expected), ...Object.keys(results)]);
  const differ = [...names].filter((name) => JSON.stringify(expected[name]) !== JSON.stringify(results[name]));
  for (const name of differ) console.log(`${name}: expected ${JSON.stringify(expected[name])}, got ${JSON.stringify(results[name])}`);
  console.log(`${version}, ${differ.length} unlike expected.json${isPinned ? "" : ` (which is from Node ${NODE_MAJOR}: not an error)`}`);
  process.exitCode = differ.length > 0 && isPinned ? 1 : 0;
} else if (isPinned) {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
  console.log(version);
} else {
  throw new Error(`expected.json is from Node ${NODE_MAJOR}, this is ${process.version}: run that release, or change NODE_MAJOR and look at what differs`);
}
