// What the editor costs, printed with the other budgets: `npm run budgets`.
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { launch, missingBrowser, signIn, visit } from "./support/browser.ts";
import { emptied, Figures, heapOf, median, percentile, type Watched, watchEvents, watched } from "./support/figures.ts";
import { ENVIRONMENT, HOOK, PROJECT, SETTINGS, seed } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const CODE = `/admin/p/${PROJECT}/${ENVIRONMENT}/hooks/${HOOK}/code`;
const ROUNDS = 3;
const SAVES = 20;
const figures = new Figures();

describe.skipIf(missingBrowser())("budgets of the editor", () => {
  let browser: Browser;
  let server: TestServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start({ env: SETTINGS })]);
    await seed(server);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    figures.print();
  });

  test("ready, and its types", async () => {
    const [ready, cold, warm]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      const visited = await visit(browser, server);
      await signIn(visited);
      const cdp = await emptied(visited);
      await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await visited.page.goto(CODE);
      ready.push(await readyAt(visited.page));
      cold.push(await completedAt(visited.page));
      const from = await visited.page.evaluate(() => performance.now());
      warm.push((await completedAt(visited.page)) - from);
      await visited.close();
    }
    figures.note("editor ready, CPU 4x slower", median(ready), 1500, "ms");
    figures.note(
      "types ready: first completion, from the opening of the page, CPU 4x slower",
      median(cold),
      4000,
      "ms",
    );
    figures.note("types ready: a further completion, CPU 4x slower", median(warm), 1500, "ms");
  });

  test("typing, saving, checking", async () => {
    const visited = await visit(browser, server);
    await signIn(visited);
    const { page } = visited;
    await page.goto(CODE);
    await readyAt(page);
    await page.waitForTimeout(3_000);
    await page.evaluate(watchEvents);
    await page.locator(".monaco-editor .view-line").first().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n// typing", { delay: 60 });
    figures.note("typing in the editor, 98th percentile", percentile(await watched(page, "events"), 0.98), 50, "ms");
    figures.note("longest task while typing", Math.max(0, ...(await watched(page, "tasks"))), 150, "ms");
    await page.waitForTimeout(1_500);
    await page.evaluate(watchSaves);
    for (let n = 1; n <= SAVES; n++) {
      await page.keyboard.type(".");
      await page.keyboard.press("Control+s");
      await page.waitForFunction((count) => (window as unknown as Watched).saves.length >= count, n);
      await page.waitForTimeout(700);
    }
    figures.note("from sending to “Saved”, 95th percentile", percentile(await watched(page, "saves"), 0.95), 150, "ms");
    const checks = await page.evaluate(() => {
      const all = performance.getEntriesByType("resource");
      return all.filter(({ name }) => name.endsWith("/check")).map(({ duration }) => duration);
    });
    figures.note("check of an example hook, median", median(checks), 300, "ms");
    await visited.close();
  });

  test("what stays of it", { timeout: 240_000 }, async () => {
    const visited = await visit(browser, server);
    await signIn(visited);
    const { page } = visited;
    const cdp: CDPSession = await page.context().newCDPSession(page);
    await page.goto(CODE);
    await readyAt(page);
    const tab = (name: string) =>
      page.getByRole("navigation", { name: "Pages of the hook" }).getByRole("link", { name, exact: true }).click();
    const openAndClose = async () => {
      await tab("Version history");
      await page.getByText(/Choose two to compare/).waitFor();
      await tab("Code");
      await page.locator(".monaco-editor .view-line").first().waitFor();
    };
    for (let n = 0; n < 3; n++) await openAndClose();
    const before = await heapOf(cdp);
    for (let n = 0; n < 30; n++) await openAndClose();
    figures.note("heap that 30 times open and close leave", ((await heapOf(cdp)) - before) / 1e6, 10, "MB");
    figures.note("workers while the editor is open", page.workers().length, 2, "");
    await visited.close();
  });

  test("keep their limits", () => figures.keepLimits());
});

/** When the editor could be typed into, on the clock of the page. */
async function readyAt(page: Page): Promise<number> {
  await page.locator(".monaco-editor .view-line").first().waitFor();
  return page.evaluate(() => performance.getEntriesByName("editor:ready")[0]?.startTime ?? Number.NaN);
}

/** When what `context.` can go on with was listed, on the clock of the page. What was typed is taken away again. */
async function completedAt(page: Page): Promise<number> {
  const line = page.locator(".monaco-editor .view-line").filter({ hasText: "=>" }).first();
  await line.click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type("_context.");
  const row = page.locator(".suggest-widget.visible .monaco-list-row").filter({ hasText: "request" });
  await row.first().waitFor();
  const at = await page.evaluate(() => performance.now());
  await page.keyboard.press("Escape");
  for (let n = 0; n < 3; n++) await page.keyboard.press("Control+z");
  return at;
}

/** How long each save is on its way, as the line under the editor says it. */
function watchSaves(): void {
  const seen = window as unknown as Watched;
  seen.saves = [];
  const status = document.querySelector("[data-phase]");
  let sent = 0;
  new MutationObserver(() => {
    const phase = status?.getAttribute("data-phase");
    if (phase === "saving") sent = performance.now();
    if (phase === "saved" && sent > 0) {
      seen.saves.push(performance.now() - sent);
      sent = 0;
    }
  }).observe(status as Element, { attributeFilter: ["data-phase"] });
}
