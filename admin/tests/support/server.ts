// A server for one file of tests: the built program with its pages, an empty database in a directory of its own, and the account
// of its first administrator. Requests of tests go through the same API as everybody's.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Pages, servePages } from "./pages.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
const PROGRAM = process.env.PROGRAM ?? join(TARGET, "debug/aerocall");
/** What is compiled does not depend on the data of a server: the first one of all tests compiles the engine, also those in Rust. */
const ARTIFACTS = join(TARGET, "tmp/artifacts");
const STARTS_WITHIN_MS = 120_000;

export const EMAIL = "ada@example.com";
export const PASSWORD = "correct horse battery staple";

export interface TestServer {
  url: string;
  /** The link that an empty server prints for its first administrator; used up unless the server was started without an account. */
  setupLink: string;
  /** An admin token of the server; empty without an account. */
  token: string;
  api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>;
  stop(): Promise<void>;
}

export interface Settings {
  /** Whether the first administrator is there already. */
  account?: boolean;
  env?: Record<string, string>;
}

/** Starts a server and waits until it listens. */
export async function start({ account = true, env = {} }: Settings = {}): Promise<TestServer> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} does not exist: run \`make admin build-tests\` first`);
  const directory = mkdtempSync(join(tmpdir(), "aerocall-admin-"));
  mkdirSync(ARTIFACTS, { recursive: true, mode: 0o700 });
  symlinkSync(ARTIFACTS, join(directory, "artifacts"));
  const child = spawn(PROGRAM, ["serve", "--data-dir", directory], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AEROCALL_LISTEN: "127.0.0.1:0",
      AEROCALL_LIMITS_ENABLED: "false",
      AEROCALL_PASSWORD_MEMORY_KIB: "128",
      AEROCALL_LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const listening = await printed(child).catch((problem) => {
    child.kill("SIGKILL");
    throw problem;
  });
  const pages: Pages | null = process.env.PAGES ? await servePages(resolve(process.env.PAGES), listening.url) : null;
  const url = pages?.url ?? listening.url;
  const setupLink = listening.setupLink.replace(listening.url, url);
  const server: TestServer = {
    url,
    setupLink,
    token: "",
    api: (method, path, body, headers) => call(url, server.token, method, path, body, headers),
    stop: async () => {
      await pages?.stop();
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
  if (account) await setUp(server);
  return server;
}

/** The address that it listens on, and the set-up link, from what it prints. */
function printed(child: ChildProcess): Promise<{ url: string; setupLink: string }> {
  let text = "";
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`the server did not start:\n${text}`)), STARTS_WITHIN_MS);
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const url = /listening on (http:\/\/[^\s]+)/.exec(text)?.[1];
      const setupLink = /(http\S*\/admin\/setup#\S+)/.exec(text)?.[1];
      if (!url || !setupLink) return;
      clearTimeout(timer);
      done({ url, setupLink });
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => fail(new Error(`the server ended with ${code}:\n${text}`)));
  });
}

/** Makes the first account, and a token for the requests of tests. */
async function setUp(server: TestServer): Promise<void> {
  const token = new URL(server.setupLink).hash.slice(1);
  const answer = await call<{ token?: string }>(server.url, "", "POST", "/admin/api/v1/setup", {
    token,
    email: EMAIL,
    password: PASSWORD,
  });
  server.token = answer.token ?? (await tokenOf(server.url));
}

/** A personal token of the administrator, through a session as a browser has it. */
async function tokenOf(url: string): Promise<string> {
  const signedIn = await fetch(`${url}/admin/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: EMAIL, password: PASSWORD }),
  });
  const { csrfToken } = (await signedIn.json()) as { csrfToken: string };
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const made = await fetch(`${url}/admin/api/v1/account/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie, "x-csrf-token": csrfToken, origin: url },
    body: JSON.stringify({ name: "tests" }),
  });
  if (!made.ok) throw new Error(`no token: ${made.status} ${await made.text()}`);
  return ((await made.json()) as { token: string }).token;
}

async function call<T>(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers = {},
): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...headers,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}
