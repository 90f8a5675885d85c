// Every page, with data that tries to be markup, in both themes and at the width of a phone: it shows its content, breaks no rule of
// the content security policy, asks no other host, and has no serious problem of accessibility.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, missingBrowser, signIn, visit } from "./support/browser.ts";
import { lookAtAll } from "./support/looks.ts";
import { pagesOf } from "./support/pages_of.ts";
import { SETTINGS, type Seeded, seed } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const LOOKS = [
  { name: "light", options: { colorScheme: "light" as const } },
  { name: "dark", options: { colorScheme: "dark" as const } },
  { name: "phone", options: { colorScheme: "light" as const, viewport: { width: 390, height: 844 } } },
];
/** Only pages whose address has this in it. */
const ONLY = process.env.ONLY ?? "";

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

  for (const { name, options } of LOOKS) {
    test(`in the look ${name}`, { timeout: 400_000 }, async () => {
      const visited = await visit(browser, server, options);
      await signIn(visited);
      const pages = pagesOf(seeded).filter((one) => one.path.includes(ONLY));
      expect(await lookAtAll(visited, pages, name)).toEqual({});
      await visited.close();
    });
  }
});
