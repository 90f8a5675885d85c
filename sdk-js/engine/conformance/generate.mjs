// Writes expected.json: what Node answers for each case (known.json: where the engine differs, and how). Run it as `node conformance/generate.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import { formatWithOptions } from "node:util";

process.env.TZ = "UTC";
globalThis.conformanceFormat = (...values) => formatWithOptions({}, ...values);
process.on("unhandledRejection", () => {});

const { run } = await import("./all.js");
const results = await run();
writeFileSync(new URL("./expected.json", import.meta.url), `${JSON.stringify(results, null, 1)}\n`);
const known = JSON.parse(readFileSync(new URL("./known.json", import.meta.url), "utf8"));
for (const name of Object.keys(known)) if (!(name in results)) throw new Error(`known.json names ${name}, which is no case`);
console.log(`${Object.keys(results).length} cases from Node ${process.version}`);
