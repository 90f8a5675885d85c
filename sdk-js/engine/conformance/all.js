// Every case of every file, run in order. In the engine and in Node the same answers are expected (expected.json).
import { cases as base64Cases } from "./base64.js";
import { cases as blobCases } from "./blob.js";
import { cases as bodyCases } from "./body.js";
import { cases as cloneCases } from "./clone.js";
import { cases as collectionsCases } from "./collections.js";
import { cases as consoleCases } from "./console.js";
import { cases as cryptoCases } from "./crypto.js";
import { cases as dateCases } from "./date.js";
import { cases as errorsCases } from "./errors.js";
import { cases as eventsCases } from "./events.js";
import { cases as fetchCases } from "./fetch.js";
import { cases as formCases } from "./form.js";
import { cases as globalsCases } from "./globals.js";
import { cases as jsonCases } from "./json.js";
import { cases as languageCases } from "./language.js";
import { cases as numbersCases } from "./numbers.js";
import { cases as promisesCases } from "./promises.js";
import { cases as regexpCases } from "./regexp.js";
import { cases as streamsCases } from "./streams.js";
import { cases as stringsCases } from "./strings.js";
import { cases as textCases } from "./text.js";
import { cases as timersCases } from "./timers.js";
import { cases as urlCases } from "./url.js";
import { cases as webCases } from "./web.js";

const files = {
  base64: base64Cases,
  blob: blobCases,
  body: bodyCases,
  clone: cloneCases,
  collections: collectionsCases,
  console: consoleCases,
  crypto: cryptoCases,
  date: dateCases,
  errors: errorsCases,
  events: eventsCases,
  fetch: fetchCases,
  form: formCases,
  globals: globalsCases,
  json: jsonCases,
  language: languageCases,
  numbers: numbersCases,
  promises: promisesCases,
  regexp: regexpCases,
  streams: streamsCases,
  strings: stringsCases,
  text: textCases,
  timers: timersCases,
  url: urlCases,
  web: webCases,
};

/** JSON loses -0, NaN, undefined and BigInt, which are what some cases are about. */
function jsonable(value) {
  if (value === undefined) return "<undefined>";
  if (typeof value === "bigint") return `<${value}n>`;
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) return Object.is(value, -0) ? "<-0>" : `<${value}>`;
  if (value instanceof Uint8Array) return `<bytes ${[...value].join(" ")}>`;
  if (Array.isArray(value)) return Array.from(value, jsonable);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonable(item)]));
  }
  if (typeof value === "string") {
    return value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (unit) => `<${unit.charCodeAt(0).toString(16)}>`);
  }
  return value;
}

export async function run() {
  globalThis.conformanceFormat ??= console[Symbol.for("aerocall.format")];
  const results = {};
  for (const [file, cases] of Object.entries(files)) {
    for (const [name, test] of Object.entries(cases)) {
      try {
        results[`${file}/${name}`] = { value: jsonable(await test()) };
      } catch (error) {
        results[`${file}/${name}`] = { error: error?.name ?? String(error) };
      }
    }
  }
  return results;
}
