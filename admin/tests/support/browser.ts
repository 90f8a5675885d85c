// Headless Chromium for tests: Debian's, one for a file of tests. A page counts clicks, and notes what must not happen: violations of
// the content security policy, requests to other hosts, errors on the console.
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { EMAIL, PASSWORD, type TestServer } from "./server.ts";

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
  clicks: number;
  /** What must not happen, as it happens. */
  problems: string[];
  close(): Promise<void>;
}

export async function visit(browser: Browser, server: TestServer, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(20_000);
  const problems: string[] = [];
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(
        `policy violation: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  const page = await context.newPage();
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
  const visited: Visit = { page, clicks: 0, problems, close: () => context.close() };
  return visited;
}

/** Signs in at the form, and waits for the projects. */
export async function signIn({ page }: Visit, email = EMAIL, password = PASSWORD): Promise<void> {
  await page.goto("/admin/sign-in");
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/admin/sign-in"));
}

/** Clicks, counted: for budgets of journeys. */
export async function click(
  visited: Visit,
  role: Parameters<Page["getByRole"]>[0],
  name: string | RegExp,
): Promise<void> {
  visited.clicks += 1;
  await visited.page
    .getByRole(role, { name, exact: typeof name === "string" })
    .first()
    .click();
}
