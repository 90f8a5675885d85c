// Every page in one theme, with data that tries to be markup: it shows its content, breaks no rule of the content security policy, asks
// no other host, and has no serious problem of accessibility. The other themes and the phone are in `pages.sweep.ts`.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, missingBrowser, signIn, visit } from "./support/browser.ts";
import { lookAtAll } from "./support/looks.ts";
import { pagesOf } from "./support/pages_of.ts";
import { SETTINGS, type Seeded, seed } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

describe.skipIf(missingBrowser())("every page", () => {
  let browser: Browser;
  let server: TestServer;
  let seeded: Seeded;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start({ env: SETTINGS })]);
    seeded = await seed(server);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("shows what it is for, safely and for everybody", { timeout: 180_000 }, async () => {
    const visited = await visit(browser, server, { colorScheme: "dark" });
    await signIn(visited);
    expect(await lookAtAll(visited, pagesOf(seeded), "dark")).toEqual({});
    await visited.close();
  });

  test("a policy that is broken is noticed, and so is markup that runs", async () => {
    const visited = await visit(browser, server);
    await visited.page.goto("/admin/sign-in");
    await visited.page.evaluate(() => {
      const image = document.createElement("img");
      image.src = "https://elsewhere.invalid/x.png";
      document.body.append(image);
    });
    await expect.poll(() => visited.problems.join("\n")).toContain("policy violation: img-src");
    await visited.close();
  });
});
