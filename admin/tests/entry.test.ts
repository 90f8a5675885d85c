// The ways in: the set-up link of a new server, signing in and out, a wrong password.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, missingBrowser, signIn, type Visit, visit } from "./support/browser.ts";
import { EMAIL, PASSWORD, start, type TestServer } from "./support/server.ts";

describe.skipIf(missingBrowser())("the ways in", () => {
  let browser: Browser;
  let server: TestServer;
  let visited: Visit;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start({ account: false })]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("the set-up link makes the first administrator, who sees that there are no projects yet", async () => {
    visited = await visit(browser, server);
    const { page } = visited;
    await page.goto(server.setupLink);
    await page.getByLabel("Email address").fill(EMAIL);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: /set up|create/i }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe("/admin/");
    expect(visited.problems).toEqual([]);
    await visited.close();
  });

  test("a wrong password is refused in words, and the right one signs in", async () => {
    visited = await visit(browser, server);
    const { page } = visited;
    await page.goto("/admin/sign-in");
    await page.getByLabel("Email address").fill(EMAIL);
    await page.getByLabel("Password").fill("wrong horse");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("invalid_credentials");
    await signIn(visited);
    await expect.poll(() => new URL(page.url()).pathname).toBe("/admin/");
    expect(visited.problems).toEqual([]);
    await visited.close();
  });
});
