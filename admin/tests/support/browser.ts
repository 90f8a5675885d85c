// Headless Chromium for tests: Debian's, one for a file of tests. A page counts what is clicked in it, and notes what must not happen:
// violations of the content security policy, requests to other hosts, errors on the console.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect, onTestFailed } from "vitest";
import { EMAIL, PASSWORD, type TestServer } from "./server.ts";

/** For anything that is waited for: the program that is tested is not optimised, and machines are busy. */
const MOST_MS = 60_000;
const CHROMIUM =
  process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** Why there are no tests in a browser; with `CI` set that is a failure. */
export function missingBrowser(): string | undefined {
  if (CHROMIUM) return undefined;
  const reason = "there is no Chromium: apt-get install -y chromium, or set CHROMIUM to its path";
  if (process.env.CI) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  return reason;
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** A page with what it has done. */
export interface Visit {
  page: Page;
  /** Presses of the pointer, whoever made them. */
  clicks: number;
  /** What must not happen, as it happens. */
  problems: string[];
  close(): Promise<void>;
}

export async function visit(browser: Browser, server: TestServer, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(MOST_MS);
  const problems: string[] = [];
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(
        `policy violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  const visited: Visit = { page: await context.newPage(), clicks: 0, problems, close: () => context.close() };
  const { page } = visited;
  await page.exposeFunction("countClick", () => {
    visited.clicks += 1;
  });
  await page.addInitScript(() => {
    const { countClick } = window as unknown as { countClick: () => void };
    addEventListener("pointerdown", (event) => event.isTrusted && countClick(), true);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !url.startsWith("data:") && !url.startsWith("blob:"))
      problems.push(`another host: ${url}`);
  });
  page.on("console", (message) => {
    // Chromium reports answers that the page handles, such as 401 and 412, by itself.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  keepFailures(page);
  return visited;
}

/** What a page of a test that failed looked like, in `target/admin`. */
export function keepFailures(page: Page): void {
  const { currentTestName } = expect.getState();
  // A page of several tests is opened before the first one: each says so itself.
  if (!currentTestName) return;
  onTestFailed(async () => {
    const name = currentTestName.replaceAll(/[^a-z0-9]+/gi, "-");
    await page.screenshot({ path: join(REPORTS, `failed-${name}.png`), timeout: 5_000 }).catch(() => {});
  });
}

const REPORTS = join(import.meta.dirname, "../../../target/admin");

/** Signs in at the form, and waits for the projects. */
export async function signIn({ page }: Visit, email = EMAIL, password = PASSWORD): Promise<void> {
  await page.goto("/admin/sign-in");
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/admin/sign-in"));
}

export type Role = Parameters<Page["getByRole"]>[0];

/** Clicks the first of this role and name. */
export async function click({ page }: Visit, role: Role, name: string | RegExp): Promise<void> {
  await page
    .getByRole(role, { name, exact: typeof name === "string" })
    .first()
    .click();
}

/** In production the name of the environment is ticked before something is done to it: one more click. */
export const TICK = 1;

/** Does something with the mouse, and fails if it takes more clicks than it may. */
export async function withinClicks(visited: Visit, budget: number, steps: () => Promise<void>): Promise<void> {
  visited.clicks = 0;
  await steps();
  if (visited.clicks > budget) throw new Error(`${visited.clicks} clicks, and ${budget} are the budget`);
}

/** Reaches something with Tab alone, from wherever the focus is. It must be seen to have the focus. */
export async function reach({ page }: Visit, role: Role, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: typeof name === "string" }).first();
  await wanted.waitFor({ state: "attached" });
  for (let presses = 0; presses < MOST_TABS; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  const at = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
  throw new Error(`${role} ${name} is not reached by Tab; the focus is on ${at}`);
}

const MOST_TABS = 150;

/** Reaches something with Tab, and presses Enter. */
export async function enter(visited: Visit, role: Role, name: string | RegExp): Promise<void> {
  await reach(visited, role, name);
  await visited.page.keyboard.press("Enter");
}
