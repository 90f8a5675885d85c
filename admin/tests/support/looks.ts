// What is wrong with a page as it is shown: its content is missing, it is wider than the window, it has a serious problem of
// accessibility, or it did what `visit` notes.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Visit } from "./browser.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where screenshots are written; none without it. */
const PICTURES = process.env.SCREENSHOTS;

/** Goes there and waits until it is shown. */
export async function open({ page, problems }: Visit, path: string): Promise<void> {
  problems.length = 0;
  await page.goto(path);
  await page
    .getByRole("heading", { level: 1 })
    .first()
    .waitFor()
    .catch(() => problems.push("no heading"));
  await page
    .waitForFunction(() => !document.querySelector("[role=status][aria-label=Loading]"), null, { timeout: 10_000 })
    .catch(() => problems.push("still loading"));
}

/** What is wrong with the page that is open. */
async function look(visited: Visit, name: string, theme: string): Promise<string[]> {
  const { page, problems } = visited;
  if (await page.getByText("could not be read").count()) problems.push(await page.getByRole("main").innerText());
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (overflow > 0) problems.push(`${overflow} px wider than the window`);
  problems.push(...(await violations(visited)));
  if (PICTURES) {
    mkdirSync(PICTURES, { recursive: true });
    const file = name.replace(/^\/admin\/?/, "").replaceAll(/[/?=]/g, "_") || "projects";
    await page.screenshot({ path: join(PICTURES, `${file}.${theme}.png`) });
  }
  return [...new Set(problems)];
}

/** What is wrong with each of these pages, by path; a page without problems is left out. */
export async function lookAtAll(
  visited: Visit,
  pages: readonly { path: string }[],
  theme: string,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { path } of pages) {
    await open(visited, path);
    const problems = await look(visited, path, theme);
    if (problems.length > 0) found[path] = problems;
  }
  return found;
}

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** Serious and critical problems of accessibility (axe-core). */
async function violations({ page }: Visit): Promise<string[]> {
  // Through the debugger, which the policy of the page does not bind.
  await page.evaluate(`window.axe || (() => { ${AXE} })()`);
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
