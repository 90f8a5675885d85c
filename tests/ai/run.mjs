// Runs the tasks of tests/ai against a model, and prints how many it solves: `make ai-eval`, docs/assistant.md.
//
// Each task is asked as a person would ask it, with `aerocall ai`, and graded by what the hook does: test cases that the model does
// not see, the capabilities that it may use at most, the hook points that it has. Needs no packages.

import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const help = `Usage: node tests/ai/run.mjs --model NAME [--model NAME …] [options]
  --base-url URL       the model's server, such as http://127.0.0.1:11434/v1 [default: AEROCALL_ASSISTANT_BASE_URL]
  --provider NAME      openai (chat completions) or anthropic (messages) [default: openai]
  --key-env NAME       the variable that has the key of the model's server
  --server URL         ask through a server that runs, with its model, in place of starting one; with --token and --project
  --token TOKEN        a token of that server [default: AEROCALL_TOKEN]
  --project ID         a project of it [default: demo]
  --task NAME          only this task, several times
  --at-least SHARE     exit with 1 if a model solves less than this share, 0 to 1 [default: 0]
  --aerocall PATH      the program [default: target/debug/aerocall]
  --json               print one JSON object`;
const minutes = 60_000;

const { values: options } = parseArgs({
  options: {
    "base-url": { type: "string", default: process.env.AEROCALL_ASSISTANT_BASE_URL },
    provider: { type: "string", default: "openai" },
    model: { type: "string", multiple: true, default: [] },
    "key-env": { type: "string" },
    server: { type: "string" },
    token: { type: "string", default: process.env.AEROCALL_TOKEN },
    project: { type: "string", default: "demo" },
    task: { type: "string", multiple: true, default: [] },
    "at-least": { type: "string", default: "0" },
    aerocall: { type: "string", default: resolve(here, "../../target/debug/aerocall") },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

options.aerocall = resolve(options.aerocall);

const say = (line) => process.stderr.write(`${line}\n`);

function usage(problem) {
  say(problem === undefined ? help : `error: ${problem}\n\n${help}`);
  process.exit(problem === undefined ? 0 : 2);
}

/** Every task, or those that are named. */
export function readTasks(named = []) {
  const names = readdirSync(join(here, "tasks")).map((file) => file.replace(/\.json$/, ""));
  for (const name of named) {
    if (!names.includes(name)) throw new Error(`there is no task ${name}; there are: ${names.join(", ")}`);
  }
  const wanted = names.filter((name) => named.length === 0 || named.includes(name)).sort();
  return wanted.map((name) => JSON.parse(readFileSync(join(here, "tasks", `${name}.json`), "utf8")));
}

function run(program, args, options) {
  return new Promise((done) => {
    execFile(program, args, { maxBuffer: 64 << 20, timeout: 30 * minutes, ...options }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : (error.code ?? 1), stdout, stderr });
    });
  });
}

/** A server of its own with this model; ends with `stop`. */
async function start(model) {
  const directory = mkdtempSync(join(tmpdir(), "aerocall-eval-"));
  const { hostname } = new URL(options["base-url"]);
  const isHere = hostname === "localhost" || hostname.startsWith("127.");
  const key = options["key-env"] === undefined ? undefined : process.env[options["key-env"]];
  if (options["key-env"] !== undefined && key === undefined) usage(`${options["key-env"]} is not set`);
  const env = {
    ...process.env,
    AEROCALL_LISTEN: "127.0.0.1:0",
    AEROCALL_DATA_DIR: join(directory, "data"),
    AEROCALL_LIMITS_ENABLED: "false",
    AEROCALL_ASSISTANT_PROVIDER: options.provider,
    AEROCALL_ASSISTANT_BASE_URL: options["base-url"],
    AEROCALL_ASSISTANT_MODEL: model,
    AEROCALL_ASSISTANT_TOKENS_PER_DAY: "100000000",
    AEROCALL_ASSISTANT_TOKENS_PER_DAY_OF_ALL: "100000000",
    ...(key === undefined ? {} : { AEROCALL_ASSISTANT_KEY: key }),
    ...(isHere ? { AEROCALL_ASSISTANT_ALLOW_PRIVATE: "127.0.0.0/8" } : {}),
  };
  const child = spawn(options.aerocall, ["serve", "--demo"], { cwd: directory, env, stdio: ["ignore", "pipe", "ignore"] });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  };
  const found = {};
  for await (const line of createInterface({ input: child.stdout })) {
    found.url ??= line.match(/^listening on (\S+)/)?.[1];
    found.token ??= line.match(/admin token\s+(\S+)/)?.[1];
    if (found.url !== undefined && found.token !== undefined) {
      child.stdout.resume();
      return { url: found.url, token: found.token, project: "demo", environment: "development", stop };
    }
  }
  await stop();
  throw new Error("the server did not start; run `aerocall serve --demo` to see why");
}

/** Files of a project in a directory. */
function write(directory, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/** The project of a task, as the model gets it: without the cases. */
export function layDown(directory, task, { project, environment }) {
  const migrations = Object.entries(task.migrations ?? {}).map(([name, sql]) => [`migrations/${name}.sql`, `${sql}\n`]);
  write(directory, {
    "aerocall.toml": `[project]\nid = "${project}"\nenvironment = "${environment}"\n`,
    ...Object.fromEntries(migrations),
    ...(task.files ?? {}),
  });
}

/** What is wrong with the hook that lies in a directory: nothing, if the task is solved. */
async function grade(directory, task) {
  write(directory, { "tests/task.json": JSON.stringify(task.cases) });
  const env = { ...process.env, AEROCALL_SERVER: "", AEROCALL_TOKEN: "" };
  const checked = await run(options.aerocall, ["check", "--json"], { cwd: directory, env });
  let hook;
  try {
    hook = JSON.parse(checked.stdout).hooks.find((one) => one.name === task.hook);
  } catch {
    return [`aerocall check: ${checked.stderr.trim().slice(0, 300)}`];
  }
  if (hook === undefined) return ["it does not build"];
  const problems = [];
  const more = hook.capabilities.filter((name) => !task.mayUse.includes(name));
  if (more.length > 0) problems.push(`it may do more than it needs: ${more.join(", ")}`);
  const points = [...hook.hooks, ...hook.events].sort();
  if (points.join() !== [...task.points].sort().join()) problems.push(`it has ${points.join(", ")}`);
  const tested = await run(options.aerocall, ["test", "--json"], { cwd: directory, env });
  try {
    const { cases } = JSON.parse(tested.stdout);
    for (const one of cases.filter((one) => !one.ok)) {
      problems.push(`${one.name}: ${one.problems.join("; ").slice(0, 300)}`);
    }
    if (cases.length !== task.cases.length) problems.push(`${cases.length} of ${task.cases.length} test cases were run`);
  } catch {
    problems.push(`aerocall test: ${tested.stderr.trim().slice(0, 300)}`);
  }
  return problems;
}

/** Asks for one task, applies what comes and grades it. */
async function attempt(task, target) {
  const directory = mkdtempSync(join(tmpdir(), `aerocall-task-${task.name}-`));
  try {
    layDown(directory, task, target);
    const args = ["ai", task.description, "--hook", task.hook, "--point", task.point, "--json"];
    args.push("--apply", "--accept-unverified");
    // A proposal names the queues one by one, a manifest does not.
    const accepted = [...task.mayUse, ...(task.queues ?? []).map((queue) => `queue:${queue}`)];
    if (accepted.length > 0) args.push("--accept-capabilities", accepted.join(","));
    const env = { ...process.env, AEROCALL_SERVER: target.url, AEROCALL_TOKEN: target.token };
    const began = performance.now();
    const asked = await run(options.aerocall, args, { cwd: directory, env });
    const seconds = (performance.now() - began) / 1000;
    let answer = {};
    try {
      answer = JSON.parse(asked.stdout);
    } catch {
      // What it says on the way is the reason.
    }
    const used = (answer.done ?? answer.failed)?.usage ?? { inputTokens: 0, outputTokens: 0 };
    const figures = {
      task: task.name,
      rounds: answer.rounds?.length ?? 0,
      inputTokens: used.inputTokens,
      outputTokens: used.outputTokens,
      seconds,
    };
    if ((answer.written ?? []).length === 0) {
      const why = answer.failed?.message ?? answer.error?.message ?? asked.stderr.trim().split("\n").slice(-2).join(" ");
      return { ...figures, solved: false, problems: [`nothing was applied: ${why.slice(0, 300)}`] };
    }
    const problems = await grade(directory, task);
    return { ...figures, solved: problems.length === 0, problems };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function evaluate(model, tasks) {
  const target =
    options.server === undefined
      ? await start(model)
      : { url: options.server, token: options.token, project: options.project, environment: "development", stop: async () => {} };
  try {
    const attempts = [];
    for (const task of tasks) {
      const done = await attempt(task, target);
      attempts.push(done);
      say(`${done.solved ? "solved" : "failed"}  ${task.name}  ${done.rounds} rounds  ${done.seconds.toFixed(1)} s`);
      for (const problem of done.problems) say(`          ${problem}`);
    }
    return { model, provider: options.provider, ...sums(attempts), attempts };
  } finally {
    await target.stop();
  }
}

function sums(attempts) {
  const sum = (of) => attempts.reduce((total, one) => total + of(one), 0);
  const solved = attempts.filter((one) => one.solved).length;
  return {
    tasks: attempts.length,
    solved,
    share: attempts.length === 0 ? 0 : solved / attempts.length,
    firstRound: attempts.filter((one) => one.solved && one.rounds === 1).length,
    rounds: sum((one) => one.rounds),
    inputTokens: sum((one) => one.inputTokens),
    outputTokens: sum((one) => one.outputTokens),
    seconds: sum((one) => one.seconds),
  };
}

function table(results) {
  const rows = [["model", "solved", "share", "in round 1", "rounds", "tokens sent", "answered", "seconds"]];
  for (const one of results) {
    const share = `${(one.share * 100).toFixed(1)} %`;
    const figures = [one.firstRound, one.rounds, one.inputTokens, one.outputTokens, one.seconds.toFixed(0)];
    rows.push([one.model, `${one.solved}/${one.tasks}`, share, ...figures.map(String)]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ");
  return rows.map(line).join("\n");
}

async function main() {
  if (options.help) usage();
  if (options.model.length === 0) usage("name the model: --model NAME");
  if (options.server === undefined && options["base-url"] === undefined) usage("name the model's server: --base-url URL, or --server URL");
  if (options.server !== undefined && options.token === undefined) usage("--server needs --token, or AEROCALL_TOKEN");
  const atLeast = Number(options["at-least"]);
  if (!(atLeast >= 0 && atLeast <= 1)) usage("--at-least must be 0 to 1");
  let tasks;
  try {
    tasks = readTasks(options.task);
  } catch (error) {
    usage(error.message);
  }
  const results = [];
  for (const model of options.model) results.push(await evaluate(model, tasks));
  process.stdout.write(options.json ? `${JSON.stringify({ results }, null, 2)}\n` : `${table(results)}\n`);
  process.exitCode = results.every((one) => one.share >= atLeast) ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
