// A project as one that has been used: live hooks with versions and drafts, users, invocations of every outcome, webhooks, a dead job,
// a table, a secret, mails. Every text that somebody can choose is `TEXT`, so that a page that takes text for markup is seen.
import { createHook, deploy, edit, makeVersion } from "./hooks.ts";
import { REACHES_LOOPBACK } from "./receiver.ts";
import type { TestServer } from "./server.ts";

/** Would run if it became markup or part of a script. */
export const TEXT = `"><img src=x onerror=alert(1)>'\`\${1}{{1}}<script>alert(2)</script>`;

export const PROJECT = "shop";
export const ENVIRONMENT = "production";
export const HOOK = "free-mail";
export const FAILING = "greeter";
export const JOBS = "welcome";
export const QUEUE = "welcome";
export const TABLE = "notes";

/** What the server of a seeded project is started with: a job has one attempt, so that one that fails is dead. */
export const SETTINGS = { ...REACHES_LOOPBACK, AEROCALL_QUEUE_ATTEMPTS: "1" };

export interface Seeded {
  key: string;
  user: string;
  invocation: string;
  request: string;
  event: string;
  webhook: string;
  delivery: string;
  job: string;
  mail: string;
}

const P = `/admin/api/v1/projects/${PROJECT}`;
export const S = `${P}/environments/${ENVIRONMENT}`;

export async function seed(server: TestServer): Promise<Seeded> {
  const made = await server.api<{ publishable_key: string }>("POST", "/admin/api/v1/projects", {
    id: PROJECT,
    name: TEXT.slice(0, 100),
    environment: ENVIRONMENT,
  });
  const key = made.publishable_key;
  await hooks(server);
  for (const email of ["ada@work.example", "bob@work.example", "eve@mailinator.com"]) {
    await register(server, key, email);
  }
  await auth(server, key, "/auth/login", { email: "ada@work.example", password: USER_PASSWORD });
  const webhook = await server.api<{ id: string }>("POST", `${S}/webhooks`, {
    url: "https://receiver.invalid/hook",
    description: TEXT.slice(0, 100),
    events: ["auth.signup", "auth.login"],
  });
  await register(server, key, "carl@work.example");
  await auth(server, key, "/auth/password/forgot", { email: "ada@work.example" });
  await server.api("PUT", `${S}/secrets/crm_token`, {
    value: "a value that nobody sees again",
    hosts: ["api.crm.example"],
  });
  await server.api("POST", `${P}/invitations`, { email: `guest@example.com`, role: "viewer" });
  const { users } = await server.api<{ users: { id: string; email: string }[] }>(
    "GET",
    `${S}/users?q=ada@work.example`,
  );
  const user = users[0]?.id ?? "";
  await server.api("PATCH", `${S}/users/${user}`, { metadata: { note: TEXT, name: TEXT } });
  const [invocation] = await until(server, `${S}/invocations?hook=${HOOK}`, "invocations");
  const [event] = await until(server, `${S}/events`, "events");
  const [delivery] = await until(server, `${S}/webhooks/${webhook.id}/deliveries`, "deliveries");
  const [job] = await until(server, `${S}/jobs?state=dead`, "jobs");
  const [mail] = await until(server, `${S}/mails`, "mails");
  return {
    key,
    user,
    invocation: invocation?.id ?? "",
    request: invocation?.requestId ?? "",
    event: event?.id ?? "",
    webhook: webhook.id,
    delivery: delivery?.id ?? "",
    job: job?.id ?? "",
    mail: mail?.id ?? "",
  };
}

type Listed = { id: string; requestId?: string };

/** What is done after the answer that it belongs to: asked for until it is there. */
export async function until(server: TestServer, path: string, name: string): Promise<Listed[]> {
  for (let tries = 0; tries < 300; tries++) {
    const found = (await server.api<Record<string, Listed[]>>("GET", path))[name] ?? [];
    if (found.length > 0) return found;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error(`${path} stays empty`);
}

const GREETER = `import type { AfterLogin } from "@aerocall/hooks";

export const afterLogin: AfterLogin = async (_context, { user }, { log }) => {
  log.info("greeting", { text: ${JSON.stringify(TEXT)} });
  throw new Error(\`No greeting for \${user.email}: ${TEXT.replaceAll("`", "").replaceAll("$", "")}\`);
};
`;

const WELCOME = `import type { AfterSignup, EventHandlers } from "@aerocall/hooks";

export const afterSignup: AfterSignup = async (_context, { user }, { Queue }) => {
  await Queue.enqueue("welcome", { userId: user.id });
};

export const on: EventHandlers = {
  "queue.welcome": async () => {
    throw new Error("The mail server is closed");
  },
  "cron.cleanup": async (_context, _event, { log }) => {
    log.info("cleaned up");
  },
};
`;

/** Two versions of one that were live, and a draft that goes on from the second; one that fails; one with jobs that fail. */
async function hooks(server: TestServer): Promise<void> {
  let revision = await createHook(server, PROJECT, HOOK, { template: "block-free-mail" });
  const one = async (message: string) => ({
    name: HOOK,
    number: await makeVersion(server, PROJECT, HOOK, revision, message),
  });
  const first = await one("The first one");
  await deploy(server, S, [first], "The first one", [
    { name: "001-notes", sql: "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)" },
    { name: "002-note", sql: `INSERT INTO notes (text) VALUES ('${TEXT.replaceAll("'", "''")}')` },
  ]);
  revision = await edit(server, PROJECT, HOOK, (text) => `${text}\nconsole.debug(${JSON.stringify(TEXT)});\n`);
  const second = await one(TEXT);
  const failing = await createHook(server, PROJECT, FAILING, { template: "after-signup", text: GREETER });
  const jobs = await createHook(server, PROJECT, JOBS, {
    template: "after-signup",
    text: WELCOME,
    capabilities: ["queue"],
    schedules: { cleanup: "0 3 * * *" },
  });
  const others = [
    {
      name: FAILING,
      number: await makeVersion(server, PROJECT, FAILING, failing, TEXT),
      failurePolicy: "open" as const,
    },
    { name: JOBS, number: await makeVersion(server, PROJECT, JOBS, jobs, TEXT), failurePolicy: "open" as const },
  ];
  await deploy(server, S, [second, ...others], TEXT);
}

export const USER_PASSWORD = "correct horse battery staple";

export function register(server: TestServer, key: string, email: string): Promise<Response> {
  return auth(server, key, "/auth/register", { email, password: USER_PASSWORD });
}

export function auth(server: TestServer, key: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-aerocall-key": key, "user-agent": TEXT.replaceAll("`", "") },
    body: JSON.stringify(body),
  });
}
