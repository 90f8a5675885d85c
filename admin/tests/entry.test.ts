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

  test("a forgotten password is chosen anew with a link of an administrator", async () => {
    visited = await visit(browser, server);
    const { page } = visited;
    await page.goto("/admin/sign-in");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("Email address").fill("bob@example.com");
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByText("aerocall admin reset-password bob@example.com").waitFor();

    await signIn(visited);
    await page.goto("/admin/settings/accounts");
    await page.getByRole("button", { name: `Actions for ${EMAIL}` }).click();
    await page.getByRole("menuitem", { name: "Reset the password…" }).click();
    await page.getByRole("button", { name: "Create the link" }).click();
    const link = await page.getByText(/\/admin\/reset#rst_/).innerText();
    await page.goto(`/admin/reset${new URL(link).hash}`);
    await page.getByRole("textbox", { name: "New password" }).fill("another horse battery");
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByRole("heading", { name: "Your password is changed" }).waitFor();
    await signIn(visited, EMAIL, "another horse battery");
    expect(visited.problems).toEqual([]);
    await visited.close();
  });
});
