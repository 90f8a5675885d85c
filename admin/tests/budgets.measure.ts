// What the pages cost, measured in Chromium and printed as a table: `npm run budgets`. Three times each, and the median counts; a limit
// that is exceeded by more than a quarter fails, so that a busy machine does not.
import type { Browser, CDPSession } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, missingBrowser, signIn, type Visit, visit } from "./support/browser.ts";
import { open } from "./support/looks.ts";
import { pagesOf } from "./support/pages_of.ts";
import { ENVIRONMENT, HOOK, PROJECT, register, SETTINGS, type Seeded, seed } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const E = `/admin/p/${PROJECT}/${ENVIRONMENT}`;
const ROUNDS = 3;
/** How much worse than on paper a measured value may be. */
const SLACK = 1.25;
/** A phone network: 1.6 Mbit/s, 150 ms. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };

interface Figure {
  what: string;
  value: number;
  limit: number;
  unit: string;
}

const figures: Figure[] = [];

function note(what: string, value: number, limit: number, unit: string): void {
  figures.push({ what, value: Math.round(value * 1000) / 1000, limit, unit });
}

describe.skipIf(missingBrowser())("budgets", () => {
  let browser: Browser;
  let server: TestServer;
  let seeded: Seeded;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start({ env: SETTINGS })]);
    seeded = await seed(server);
    for (let n = 0; n < 60; n++) await register(server, seeded.key, `user${n}@work.example`);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    const widest = Math.max(...figures.map((one) => one.what.length));
    for (const { what, value, limit, unit } of figures)
      console.log(`${what.padEnd(widest)}  ${`${value}`.padStart(9)} ${unit.padEnd(5)} of ${limit}`);
  });

  /** A page of somebody who is signed in, with nothing in the cache of the browser. */
  async function signedIn(): Promise<{ visited: Visit; cdp: CDPSession }> {
    const visited = await visit(browser, server);
    await signIn(visited);
    await visited.page.goto("about:blank");
    const cdp = await visited.page.context().newCDPSession(visited.page);
    await cdp.send("Network.enable");
    await cdp.send("Network.clearBrowserCache");
    return { visited, cdp };
  }

  test("bytes of the first page and of further ones", async () => {
    const { visited, cdp } = await signedIn();
    const loaded = bytesOf(cdp);
    await open(visited, `${E}/auth`);
    await settled(visited);
    const first = loaded.take();
    note("first page: scripts and styles, as sent", first.code / 1000, 260, "kB");
    note("first page: with the font", first.all / 1000, 400, "kB");
    const further: [string, number][] = [];
    for (const link of ["Overview", "Hooks", "Webhooks", "Invocations", "Users", "Database", "Usage"]) {
      await visited.page
        .getByRole("navigation", { name: "Pages" })
        .getByRole("link", { name: link, exact: true })
        .click();
      await visited.page.getByRole("heading", { level: 1 }).first().waitFor();
      await settled(visited);
      further.push([link, loaded.take().code]);
    }
    const [name, most] = further.toSorted((a, b) => b[1] - a[1])[0] ?? ["", 0];
    note(`a further page, the heaviest (${name})`, most / 1000, 60, "kB");
    await visited.close();
  });

  test("largest paint and layout shift", { timeout: 240_000 }, async () => {
    for (const [name, isSlow, limit] of [
      ["on this machine", false, 1200],
      ["slow network, CPU 4x slower", true, 2500],
    ] as const) {
      const paints: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const { visited, cdp } = await signedIn();
        if (isSlow) {
          await cdp.send("Network.emulateNetworkConditions", SLOW);
          await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
        }
        await visited.page.addInitScript(watchPaint);
        await open(visited, `${E}/auth`);
        await settled(visited);
        paints.push(await visited.page.evaluate(() => (window as unknown as Watched).paint));
        await visited.close();
      }
      note(`largest paint, ${name}`, median(paints), limit, "ms");
    }
    const visited = await visit(browser, server);
    await visited.page.addInitScript(watchPaint);
    await signIn(visited);
    let most = { path: "", shift: 0 };
    for (const { path } of pagesOf(seeded, false)) {
      await open(visited, path);
      const shift = await visited.page.evaluate(() => (window as unknown as Watched).shift);
      if (shift > most.shift) most = { path, shift };
    }
    note(`layout shift, the worst page (${most.path.replace(E, "…")})`, most.shift, 0.02, "");
    await visited.close();
  });

  test("interactions with lists", async () => {
    const visited = await visit(browser, server);
    await signIn(visited);
    const { page } = visited;
    await page.addInitScript(watchEvents);
    for (const path of [`${E}/users`, `${E}/calls`]) {
      await open(visited, path);
      for (const key of ["j", "j", "j", "k", "j"]) await page.keyboard.press(key);
      await page.keyboard.press("/");
      await page.keyboard.type("user1", { delay: 40 });
      await settled(visited);
      await page.locator("[data-row-link]").first().click();
      await page.keyboard.press("Escape");
      await settled(visited);
      const spans = await page.evaluate(() => (window as unknown as Watched).events);
      note(`interactions, 98th percentile (${path.replace(E, "…")})`, percentile(spans, 0.98), 200, "ms");
    }
    await visited.close();
  });

  test("requests of one page", async () => {
    const visited = await visit(browser, server);
    await signIn(visited);
    let asked: string[] = [];
    visited.page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/admin/api/")) asked.push(pathname);
    });
    let most: { path: string; count: number } = { path: "", count: 0 };
    for (const { path } of pagesOf(seeded, false)) {
      asked = [];
      await open(visited, path);
      await settled(visited);
      const isOfHook = path.includes(`/hooks/${HOOK}/`);
      const own = asked.filter((one) => !FRAME.test(one) && !(isOfHook && HOOK_FRAME.test(one)));
      const count = own.length;
      if (count > most.count) most = { path, count };
    }
    note(`requests of a page beside those of the frame, the most (${most.path.replace(E, "…")})`, most.count, 4, "");
    await visited.close();
  });

  test("the editor: ready, typing, and what stays of it", { timeout: 240_000 }, async () => {
    const { visited, cdp } = await signedIn();
    const { page } = visited;
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await page.goto(`${E}/hooks/${HOOK}/code`);
    await page.locator(".monaco-editor .view-line").first().waitFor();
    const ready = await page.evaluate(() => performance.getEntriesByName("editor:ready")[0]?.startTime ?? Number.NaN);
    note("editor ready, CPU 4x slower", ready, 1500, "ms");
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await page.evaluate(watchEvents);
    await page.locator(".monaco-editor .view-line").first().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n// typing", { delay: 60 });
    const keys = await page.evaluate(() => (window as unknown as Watched).events);
    note("typing in the editor, 98th percentile", percentile(keys, 0.98), 50, "ms");
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
    const after = await heapOf(cdp);
    note("heap that 30 times open and close leave", (after - before) / 1e6, 10, "MB");
    note("workers while the editor is open", page.workers().length, 2, "");
    await visited.close();
  });

  test("keep their limits", () => {
    const over = figures.filter(({ value, limit }) => !(value <= limit * SLACK));
    expect(over).toEqual([]);
  });
});

/** Who is signed in, the projects, the project: asked for once by the frame around every page. */
const FRAME = /^\/admin\/api\/v1\/(session|projects|projects\/[^/]+|meta)$/;
/** What all tabs of a hook share: what it is, what is live, its draft with what the compiler says of it, what it does. */
const HOOK_FRAME = /\/hooks(\/[^/]+\/(draft|check|versions\/\d+\/summary))?$/;

interface Watched {
  paint: number;
  shift: number;
  events: number[];
}

function watchPaint(): void {
  const seen = window as unknown as Watched;
  seen.paint = 0;
  seen.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.paint = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (!hadRecentInput) seen.shift += value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

function watchEvents(): void {
  const seen = window as unknown as Watched;
  seen.events = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.events.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
}

/** Nothing more has come for a while; streams stay open, so there is never nothing on the way. */
async function settled({ page }: Visit): Promise<void> {
  let last = -1;
  for (let rounds = 0; rounds < 25; rounds++) {
    const count = await page.evaluate(() => performance.getEntriesByType("resource").length);
    if (count === last) return;
    last = count;
    await page.waitForTimeout(400);
  }
}

/** What was loaded since it was last asked. */
function bytesOf(cdp: CDPSession) {
  const types = new Map<string, string>();
  let sum = { code: 0, all: 0 };
  cdp.on("Network.responseReceived", ({ requestId, type }) => types.set(requestId, type));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const type = types.get(requestId) ?? "";
    if (type === "Script" || type === "Stylesheet") sum.code += encodedDataLength;
    if (type === "Script" || type === "Stylesheet" || type === "Font") sum.all += encodedDataLength;
  });
  return {
    take: () => {
      const taken = sum;
      sum = { code: 0, all: 0 };
      return taken;
    },
  };
}

async function heapOf(cdp: CDPSession): Promise<number> {
  for (let n = 0; n < 3; n++) await cdp.send("HeapProfiler.collectGarbage");
  return (await cdp.send("Runtime.getHeapUsage")).usedSize;
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Nothing slower than what is noted at all is 0. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
