// Every page, with data that tries to be markup, in both themes and at the width of a phone: it shows its content, breaks no rule of
// the content security policy, asks no other host, and has no serious problem of accessibility.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, missingBrowser, signIn, type Visit, visit } from "./support/browser.ts";
import { pages, type Seeded, seed } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where screenshots are written; none without it. */
const PICTURES = process.env.SCREENSHOTS;

const LOOKS = [
  { name: "light", options: { colorScheme: "light" as const } },
  { name: "dark", options: { colorScheme: "dark" as const } },
  { name: "phone", options: { colorScheme: "light" as const, viewport: { width: 390, height: 844 } } },
];

describe.skipIf(missingBrowser())("every page", () => {
  let browser: Browser;
  let server: TestServer;
  let seeded: Seeded;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start()]);
    seeded = await seed(server);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const look of LOOKS) {
    test(`in the look ${look.name}`, { timeout: 400_000 }, async () => {
      const visited = await visit(browser, server, look.options);
      await signIn(visited);
      const found: Record<string, string[]> = {};
      for (const path of pages(seeded)) {
        const problems = await looked(visited, path, look.name);
        if (problems.length > 0) found[path] = problems;
      }
      expect(found).toEqual({});
      await visited.close();
    });
  }
});

/** What is wrong with a page. */
async function looked(visited: Visit, path: string, look: string): Promise<string[]> {
  const { page, problems } = visited;
  problems.length = 0;
  await page.goto(path);
  const heading = page.getByRole("heading", { level: 1 });
  await heading.waitFor().catch(() => problems.push("no heading"));
  await page
    .waitForFunction(() => !document.querySelector("[data-skeleton]"), null, { timeout: 10_000 })
    .catch(() => problems.push("still loading"));
  if (await page.getByText("could not be read").count()) problems.push(await page.getByRole("main").innerText());
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) problems.push(`${overflow} px wider than the window`);
  problems.push(...(await violations(visited)));
  if (PICTURES) {
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({
      path: join(PICTURES, `${path.replace(/^\/admin\/?/, "").replaceAll("/", "_") || "projects"}.${look}.png`),
    });
  }
  return [...new Set(problems)];
}

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** Serious and critical problems of accessibility (axe-core). */
async function violations({ page }: Visit): Promise<string[]> {
  // Through the debugger, which the policy of the page does not bind.
  await page.evaluate(AXE);
  const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
    violations: Violation[];
  };
  const bad = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  return bad.map(
    (one) =>
      `${one.id}: ${one.nodes
        .slice(0, 3)
        .map((node) => node.html.slice(0, 160))
        .join(" | ")}`,
  );
}
