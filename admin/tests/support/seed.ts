// A project as one that has been used: a live hook with two versions and a draft, users, invocations of every outcome, a webhook
// that fails, a secret, mails. Every text that somebody can choose is `TEXT`, so that a page that takes text for markup is seen.
import { EMAIL, type TestServer } from "./server.ts";

/** Would run if it became markup or part of a script. */
export const TEXT = `"><img src=x onerror=alert(1)>'\`\${1}{{1}}<script>alert(2)</script>`;

export const PROJECT = "shop";
export const ENVIRONMENT = "production";
export const HOOK = "free-mail";

export interface Seeded {
  key: string;
  user: string;
  invocation: string;
  request: string;
  event: string;
  webhook: string;
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
  const outcomes = ["ada@work.example", "bob@work.example", "eve@mailinator.com"];
  for (const email of outcomes) await register(server, key, email);
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
  const users = await server.api<{ users: { id: string; email: string }[] }>("GET", `${S}/users`);
  const user = users.users[0]?.id ?? "";
  await server.api("PATCH", `${S}/users/${user}`, { metadata: { note: TEXT, name: TEXT } });
  const invocations = await server.api<{ invocations: { id: string; requestId: string }[] }>("GET", `${S}/invocations`);
  const events = await server.api<{ events: { id: string }[] }>("GET", `${S}/events`);
  const mail = await firstMail(server);
  const [invocation] = invocations.invocations;
  return {
    key,
    user,
    invocation: invocation?.id ?? "",
    request: invocation?.requestId ?? "",
    event: events.events[0]?.id ?? "",
    webhook: webhook.id,
    mail,
  };
}

/** A mail is written after the answer that it belongs to. */
async function firstMail(server: TestServer): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const { mails } = await server.api<{ mails: { id: string }[] }>("GET", `${S}/mails`);
    if (mails[0]) return mails[0].id;
    await new Promise((next) => setTimeout(next, 100));
  }
  throw new Error("no mail was written");
}

/** Two versions that were live, and a draft that goes on from the second. */
async function hooks(server: TestServer): Promise<void> {
  const draft = await server.api<{ revision: number }>("POST", `${P}/hooks`, {
    name: HOOK,
    template: "block-free-mail",
  });
  for (const message of ["The first one", TEXT]) {
    const version = await server.api<{ number: number }>("POST", `${P}/hooks/${HOOK}/versions`, {
      revision: draft.revision,
      message,
    });
    await server.api("POST", `${S}/deployments`, { hooks: [{ name: HOOK, number: version.number }], message });
    if (message !== TEXT) draft.revision = await edited(server);
  }
}

/** Another text of the same code, so that the next version has other bytes. */
async function edited(server: TestServer): Promise<number> {
  const path = `${P}/hooks/${HOOK}/draft`;
  const draft = await server.api<{ revision: number; files: { path: string; text: string }[]; settings: unknown }>(
    "GET",
    path,
  );
  const [first, ...rest] = draft.files;
  const files = [
    { path: first?.path ?? "", text: `${first?.text}\nconsole.debug(${JSON.stringify(TEXT)});\n` },
    ...rest,
  ];
  const saved = await server.api<{ revision: number }>(
    "PUT",
    path,
    { files, settings: draft.settings },
    { "if-match": `"${draft.revision}"` },
  );
  return saved.revision;
}

export function register(server: TestServer, key: string, email: string): Promise<Response> {
  return auth(server, key, "/auth/register", { email, password: "correct horse battery staple" });
}

function auth(server: TestServer, key: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-aerocall-key": key, "user-agent": TEXT.replaceAll("`", "") },
    body: JSON.stringify(body),
  });
}

/** Every page, with something to show. */
export function pages(seeded: Seeded): string[] {
  const e = `/admin/p/${PROJECT}/${ENVIRONMENT}`;
  const h = `${e}/hooks/${HOOK}`;
  const settings = ["auth", "providers", "mail", "http", "limits", "keys", "signing-keys"].map(
    (name) => `${e}/settings/${name}`,
  );
  const project = ["general", "members", "tokens", "environments"].map(
    (name) => `/admin/p/${PROJECT}/settings/${name}`,
  );
  const hook = ["code", "test", "traffic", "deploy", "history", "history/1..2", "settings", "calls"].map(
    (name) => `${h}/${name}`,
  );
  return [
    "/admin/",
    "/admin/settings/account",
    e,
    `${e}/auth`,
    `${e}/auth/post-auth-register`,
    `${e}/hooks`,
    ...hook,
    `${e}/webhooks`,
    `${e}/webhooks/${seeded.webhook}`,
    `${e}/deliveries`,
    `${e}/queues`,
    `${e}/schedules`,
    `${e}/calls`,
    `${e}/calls/${seeded.invocation}`,
    `${e}/requests/${seeded.request}`,
    `${e}/events`,
    `${e}/events/${seeded.event}`,
    `${e}/users`,
    `${e}/users/${seeded.user}`,
    ...["sessions", "login", "invocations", "events"].map((tab) => `${e}/users/${seeded.user}?tab=${tab}`),
    `${e}/mails`,
    `${e}/mails/${seeded.mail}`,
    `${e}/templates`,
    `${e}/templates/otp`,
    `${e}/database`,
    `${e}/database/query`,
    `${e}/secrets`,
    `${e}/audit`,
    `${e}/usage`,
    ...settings,
    ...project,
    ...["server", "accounts", "tokens", "audit"].map((name) => `/admin/settings/${name}`),
  ];
}

export const ADMINISTRATOR = EMAIL;
