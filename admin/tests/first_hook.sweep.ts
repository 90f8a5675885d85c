// From an empty server to a live hook, a change with a mistake in it, and back: with the mouse, within the budget of clicks.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { click, launch, missingBrowser, signIn, type Visit, visit } from "./support/browser.ts";
import { register } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const DENIED = "eve@mailinator.com";

describe.skipIf(missingBrowser())("the first hook", () => {
  let browser: Browser;
  let server: TestServer;
  let visited: Visit;
  let key = "";

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start()]);
    visited = await visit(browser, server);
    await signIn(visited);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("is live within twelve clicks of an empty server, and curl sees it", async () => {
    const { page } = visited;
    await click(visited, "link", /create .*project/i);
    await page.getByLabel("Name", { exact: true }).fill("Shop");
    await click(visited, "button", /^create/i);
    key = await page.getByText(/^pk_/).first().innerText();
    await click(visited, "link", /continue|overview|open|go to/i);
    await click(visited, "link", /hook/i);
    await page
      .getByRole("dialog")
      .waitFor({ timeout: 3_000 })
      .catch(() => click(visited, "button", /create a hook/i));
    await click(visited, "button", /begin with/i);
    await click(visited, "option", /free mail/i);
    await click(visited, "button", "Create the hook");
    await page.locator(".monaco-editor").first().waitFor();
    await click(visited, "link", "Deploy…");
    const tick = page.getByRole("checkbox");
    if (await tick.count()) {
      visited.clicks += 1;
      await tick.first().check();
    }
    await click(visited, "button", /^deploy .*/i);
    await page
      .getByText(/is live/i)
      .first()
      .waitFor();
    expect(visited.clicks).toBeLessThanOrEqual(12);
    expect((await register(server, key, DENIED)).status).toBe(422);
    expect((await register(server, key, "ada@work.example")).status).toBe(200);
    expect(visited.problems).toEqual([]);
  });
});
