// What it costs to follow a list into which 50 invocations a second come, printed with the other budgets: `npm run budgets`.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { launch, missingBrowser, signIn, visit } from "./support/browser.ts";
import { Figures, heapOf, median, type Watched, watchEvents, watched } from "./support/figures.ts";
import { type Busy, manyInvocations } from "./support/many_invocations.ts";
import { ENVIRONMENT, PROJECT, S, SETTINGS, seed } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const PER_SECOND = 50;
/** Until as many rows as are kept have come, twice; then it is measured for a minute. */
const BEFORE_MS = 20_000;
const MEASURED_MS = 60_000;
const figures = new Figures();

describe.skipIf(missingBrowser())("budgets of a list that is followed", () => {
  let browser: Browser;
  let server: TestServer;
  let busy: Busy;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start({ env: SETTINGS })]);
    await seed(server);
    const { invocations } = await server.api<{ invocations: { id: string }[] }>("GET", `${S}/invocations?limit=1`);
    busy = await manyInvocations(server.url, invocations[0] ?? { id: "" }, PER_SECOND);
  });
  afterAll(async () => {
    await browser?.close();
    await busy?.stop();
    await server?.stop();
    figures.print();
  });

  test("frames and memory", { timeout: 240_000 }, async () => {
    const visited = await visit(browser, { ...server, url: busy.url });
    await signIn(visited);
    const { page } = visited;
    const cdp = await page.context().newCDPSession(page);
    await page.goto(`/admin/p/${PROJECT}/${ENVIRONMENT}/calls?live=true`);
    await page.getByText("following").waitFor();
    await page.waitForTimeout(BEFORE_MS);
    const before = await heapOf(cdp);
    await page.evaluate(watchEvents);
    await page.evaluate(watchFrames);
    await page.waitForTimeout(MEASURED_MS);
    const frames = await watched(page, "frames");
    figures.note("frames a second while 50 invocations a second come, median", 1000 / median(frames), 50, "", true);
    figures.note("longest task meanwhile", Math.max(0, ...(await watched(page, "tasks"))), 150, "ms");
    figures.note("heap that a minute of it leaves", ((await heapOf(cdp)) - before) / 1e6, 20, "MB");
    await visited.close();
  });

  test("keep their limits", () => figures.keepLimits());
});

/** The time between one frame and the next. */
function watchFrames(): void {
  const seen = window as unknown as Watched;
  seen.frames = [];
  let last = performance.now();
  const next = (now: number) => {
    seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}
