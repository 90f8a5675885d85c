// The values behind `@aerocall/hooks/testing`: starts `aerocall run` and `aerocall test` and reads what they print. Their rules are
// theirs; here is only how they are started and what an answer means.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// When test cases run, unless their context says otherwise.
const TEST_TIME = "2026-01-01T00:00:00.000Z";
// Why a program that prints no document has ended, by its exit code.
const ENDED = { 1: "build_failed", 2: "invalid_input" };

export class TestingError extends Error {
  constructor(message, code, options) {
    super(message, options);
    this.name = "TestingError";
    this.code = code;
  }
}

export async function testHook(path, call) {
  const { hook, payload, context = {}, given = {}, fail = {}, ...options } = call;
  const settled = { time: TEST_TIME, ...context };
  // Without a list of responses, requests would leave this machine.
  const files = { context: settled, given: { http: [], ...given } };
  const report = await withFiles(files, async (places) => {
    const faults = Object.entries(fail).flatMap(([name, code]) => ["--fail", `${name}=${code}`]);
    const documents = Object.entries(places).flatMap(([name, file]) => [`--${name}`, file]);
    const run = ["run", pathOf(path), "--hook", hook, "--input", "-", "--json", ...documents, ...faults];
    return await answer(run, options, JSON.stringify(hook.includes(".") ? eventOf(hook, payload, settled) : payload));
  });
  return resultOf(report);
}

export async function testCases(directory = ".", { filter, ...options } = {}) {
  const only = filter === undefined ? [] : ["--filter", filter];
  const { document } = await answer(["test", pathOf(directory), "--json", ...only], options, "");
  return document.cases.map(({ durationUs, ...one }) => ({ ...one, milliseconds: durationUs / 1000 }));
}

function pathOf(path) {
  return path instanceof URL ? fileURLToPath(path) : path;
}

function eventOf(type, event, { projectId = "local", environment = "development", time }) {
  const made = { id: "evt_test", type, version: 1, time, project: projectId, environment, actor: "anonymous", subject: null };
  return { ...made, ...event };
}

// Gives documents as files for as long as something uses them.
async function withFiles(documents, use) {
  const directory = await mkdtemp(join(tmpdir(), "aerocall-test-"));
  try {
    const places = {};
    for (const [name, document] of Object.entries(documents)) {
      places[name] = join(directory, `${name}.json`);
      await writeFile(places[name], JSON.stringify(document));
    }
    return await use(places);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

// The document that the program prints, and what it says besides.
async function answer(args, options, input) {
  const { code, stdout, stderr } = await start(args, options, input);
  if (stdout.trim() === "") {
    throw new TestingError(stderr.trim() || `aerocall ended with ${code} and said nothing`, ENDED[code] ?? "failed");
  }
  try {
    return { document: JSON.parse(stdout), stderr };
  } catch (cause) {
    throw new TestingError(`aerocall ${args[0]} printed no JSON: ${stdout.slice(0, 200)}`, "failed", { cause });
  }
}

function start(args, { program, cwd, signal }, input) {
  const name = program ?? (process.env.AEROCALL_BIN || "aerocall");
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { cwd, signal, stdio: "pipe" });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"]) {
      child[stream].setEncoding("utf8").on("data", (text) => {
        said[stream] += text;
      });
    }
    child.on("error", (cause) => reject(notStarted(name, cause)));
    child.on("close", (code, ended) => resolve({ code: code ?? ended, ...said }));
    // A program that ends before it has read everything says why itself.
    child.stdin.on("error", () => {}).end(input);
  });
}

function notStarted(name, cause) {
  if (cause.name === "AbortError") return cause;
  const help = "put it on the PATH, set AEROCALL_BIN to its path, or pass { program }";
  return new TestingError(`the program ${name} cannot be started (${cause.code}): ${help}`, "program_not_found", { cause });
}

function resultOf({ document, stderr }) {
  const { reply, hostCalls, durationUs, ...rest } = document;
  const isFailure = reply.kind === "failure";
  // What a hook does costs fuel: it was not run.
  if (isFailure && rest.fuel === 0) throw notRun(reply, stderr);
  return {
    ...rest,
    decision: reply.kind,
    reply,
    error: isFailure ? errorOf(reply) : undefined,
    milliseconds: durationUs / 1000,
    hostCalls: hostCalls.map(({ durationUs, ...one }) => ({ ...one, milliseconds: durationUs / 1000 })),
  };
}

function notRun({ code, message }, stderr) {
  const known = code === "build_failed" || code === "hook_unavailable" ? code : "failed";
  return new TestingError(known === "build_failed" ? `${message}\n\n${stderr.trim()}` : message, known);
}

function errorOf({ code, error }) {
  const { code: thrownCode, stack = "", ...rest } = error;
  return { ...rest, code, stack, ...(thrownCode === undefined ? {} : { thrownCode }) };
}
