// What Node.js answers for the rows: one JSON object, rows by name. Run it as `node node.js`.
import { readdirSync } from "node:fs";
import { answers } from "./harness.js";

process.env.TZ = "UTC";
const rows = {};
for (const file of readdirSync(new URL("./rows/", import.meta.url)).sort()) {
  const { cases } = await import(`./rows/${file}`);
  rows[file.replace(/\.js$/, "")] = await answers(cases);
}
console.log(JSON.stringify(rows));
