// Hooks of tests: made of a template or of a text, changed as a draft, and deployed, through the admin API.
import type { TestServer } from "./server.ts";

interface Draft {
  revision: number;
  files: { path: string; text: string }[];
  settings: { capabilities: string[]; schedules: Record<string, string> };
}

interface Beginning {
  template?: string;
  /** Instead of the text of the template. */
  text?: string;
  capabilities?: string[];
  schedules?: Record<string, string>;
}

/** A hook as a draft; answers with its revision. */
export async function createHook(
  server: TestServer,
  project: string,
  name: string,
  { template = "before-signup", text, capabilities, schedules }: Beginning,
): Promise<number> {
  const draft = await server.api<Draft>("POST", `/admin/api/v1/projects/${project}/hooks`, { name, template });
  if (text === undefined) return draft.revision;
  return edit(server, project, name, () => text, {
    ...(capabilities && { capabilities }),
    ...(schedules && { schedules }),
  });
}

/** Another text of the first file of the draft. */
export async function edit(
  server: TestServer,
  project: string,
  name: string,
  change: (text: string) => string,
  settings: Partial<Draft["settings"]> = {},
): Promise<number> {
  const path = `/admin/api/v1/projects/${project}/hooks/${name}/draft`;
  const draft = await server.api<Draft>("GET", path);
  const [first, ...rest] = draft.files;
  const files = [{ path: first?.path ?? "", text: change(first?.text ?? "") }, ...rest];
  const body = { files, settings: { ...draft.settings, ...settings } };
  const saved = await server.api<Draft>("PUT", path, body, { "if-match": `"${draft.revision}"` });
  return saved.revision;
}

export async function makeVersion(
  server: TestServer,
  project: string,
  name: string,
  revision: number,
  message: string,
): Promise<number> {
  const path = `/admin/api/v1/projects/${project}/hooks/${name}/versions`;
  return (await server.api<{ number: number }>("POST", path, { revision, message })).number;
}

interface Line {
  name: string;
  number: number;
  failurePolicy?: "open" | "closed";
}

/** Makes these live; the others stay as they are. */
export async function deploy(
  server: TestServer,
  scope: string,
  hooks: Line[],
  message: string,
  migrations: { name: string; sql: string }[] = [],
): Promise<void> {
  await server.api("POST", `${scope}/deployments`, { hooks, migrations, message, keepOthers: true });
}
