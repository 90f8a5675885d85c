// What the pages cost, measured in Chromium and printed as a table: `npm run budgets`. Three times each, and the median counts. The editor
// and lists that are followed are measured in the files beside this one.
import type { Browser, CDPSession } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { launch, missingBrowser, signIn, type Visit, visit } from "./support/browser.ts";
import { emptied, Figures, median, percentile, settled, watchEvents, watched, watchPaint } from "./support/figures.ts";
import { open } from "./support/looks.ts";
import { pagesOf } from "./support/pages_of.ts";
import { ENVIRONMENT, HOOK, PROJECT, register, SETTINGS, type Seeded, seed } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const E = `/admin/p/${PROJECT}/${ENVIRONMENT}`;
const ROUNDS = 3;
/** A phone network: 1.6 Mbit/s, 150 ms. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };

const figures = new Figures();

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
    figures.print();
  });

  /** A page of somebody who is signed in, with nothing in the cache of the browser. */
  async function signedIn(): Promise<{ visited: Visit; cdp: CDPSession }> {
    const visited = await visit(browser, server);
    await signIn(visited);
    return { visited, cdp: await emptied(visited) };
  }

  test("bytes of the first page and of further ones", async () => {
    const { visited, cdp } = await signedIn();
    const loaded = bytesOf(cdp);
    await open(visited, `${E}/auth`);
    await settled(visited);
    const first = loaded.take();
    figures.note("first page: scripts and styles, as sent", first.code / 1000, 260, "kB");
    figures.note("first page: with the font", first.all / 1000, 400, "kB");
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
    figures.note(`a further page, the heaviest (${name})`, most / 1000, 60, "kB");
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
        paints.push(await watched(visited.page, "paint"));
        await visited.close();
      }
      figures.note(`largest paint, ${name}`, median(paints), limit, "ms");
    }
    const visited = await visit(browser, server);
    await visited.page.addInitScript(watchPaint);
    await signIn(visited);
    let most = { path: "", shift: 0 };
    for (const { path } of pagesOf(seeded, false)) {
      await open(visited, path);
      const shift = await watched(visited.page, "shift");
      if (shift > most.shift) most = { path, shift };
    }
    figures.note(`layout shift, the worst page (${most.path.replace(E, "…")})`, most.shift, 0.02, "");
    await visited.close();
  });

  test("interactions with lists", async () => {
    const visited = await visit(browser, server);
    await signIn(visited);
    const { page } = visited;
    for (const path of [`${E}/users`, `${E}/calls`]) {
      await open(visited, path);
      await settled(visited);
      await page.evaluate(watchEvents);
      for (const key of ["j", "j", "j", "k", "j"]) await page.keyboard.press(key);
      await page.keyboard.press("/");
      await page.keyboard.type("user1", { delay: 40 });
      await settled(visited);
      await page.locator("[data-row-link]").first().click();
      await page.keyboard.press("Escape");
      await settled(visited);
      const spans = await watched(page, "events");
      figures.note(`interactions, 98th percentile (${path.replace(E, "…")})`, percentile(spans, 0.98), 200, "ms");
      const tasks = await watched(page, "tasks");
      figures.note(`longest task after load (${path.replace(E, "…")})`, Math.max(0, ...tasks), 150, "ms");
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
    figures.note(
      `requests of a page beside those of the frame, the most (${most.path.replace(E, "…")})`,
      most.count,
      4,
      "",
    );
    await visited.close();
  });

  test("keep their limits", () => {
    figures.keepLimits();
  });
});

/** Who is signed in, the projects, the project: asked for once by the frame around every page. */
const FRAME = /^\/admin\/api\/v1\/(session|projects|projects\/[^/]+|meta)$/;
/** What all tabs of a hook share: what it is, what is live, its draft with what the compiler says of it, what it does. */
const HOOK_FRAME = /\/hooks(\/[^/]+\/(draft|check|versions\/\d+\/summary))?$/;

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
