// From an empty server to a live hook, a change with a mistake in it, and back: with the mouse within the budget of clicks, and with
// the keyboard alone. The auth API answers by what is live.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  click,
  enter,
  launch,
  missingBrowser,
  reach,
  signIn,
  type Visit,
  visit,
  withinClicks,
} from "./support/browser.ts";
import { createHook, deploy, makeVersion } from "./support/hooks.ts";
import { register } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const FREE = "eve@mailinator.com";
const WRONG = "refused.add(42);";
const RIGHT = 'refused.add("example.org");';

describe.skipIf(missingBrowser())("the first hook", () => {
  let browser: Browser;
  let server: TestServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start()]);
    // What a server compiles for its first hook is no part of what somebody waits for on a server that runs.
    const { project_id } = await server.api<{ project_id: string }>("POST", "/admin/api/v1/projects", {
      id: "first",
      name: "First",
      environment: "development",
    });
    const revision = await createHook(server, project_id, "signup", { template: "block-free-mail" });
    const number = await makeVersion(server, project_id, "signup", revision, "The first one");
    const scope = `/admin/api/v1/projects/${project_id}/environments/development`;
    await deploy(server, scope, [{ name: "signup", number }], "The first one");
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function refuses(key: string, email: string): Promise<boolean> {
    const { status } = await register(server, key, email);
    expect([200, 201, 403]).toContain(status);
    return status === 403;
  }

  test("with the mouse", async () => {
    const visited = await visit(browser, server);
    const { page } = visited;
    await signIn(visited);
    let key = "";
    await withinClicks(visited, 12, async () => {
      key = await makeProject(visited, "Shop", () => click(visited, "button", "Create the project"));
      await click(visited, "link", "Continue to the first hook");
      await click(visited, "button", "Create the first hook");
      await click(visited, "button", /Begin with/);
      await click(visited, "option", /free mail/);
      await click(visited, "button", "Create the hook");
      await page.locator(".monaco-editor .view-line").first().waitFor();
      await click(visited, "link", "Deploy…");
      await click(visited, "button", "Deploy the draft to development");
      await page.getByRole("heading", { name: /Version 1 is live/ }).waitFor();
    });
    expect(await refuses(key, FREE)).toBe(true);
    expect(await refuses(key, "ada@work.example")).toBe(false);

    await click(visited, "link", "Code");
    await page.locator(".monaco-editor .view-line").first().click();
    await typeMistake(page);
    await withinClicks(visited, 1, async () => {
      await mend(page);
      await click(visited, "button", "Run test");
      await page.getByText("simulated", { exact: true }).waitFor();
    });
    await withinClicks(visited, 2, async () => {
      await click(visited, "link", "Deploy…");
      await click(visited, "button", "Deploy the draft to development");
      await page.getByRole("heading", { name: /Version 2 is live/ }).waitFor();
    });
    expect(await refuses(key, "eve@example.org")).toBe(true);

    await page.goto("/admin/p/shop/development");
    await withinClicks(visited, 4, async () => {
      await click(visited, "link", "Hooks");
      await click(visited, "button", /^Actions for/);
      await click(visited, "menuitem", /^Roll back/);
      await click(visited, "button", "Roll back to version 1");
      await page.getByText(/live in development again/).waitFor();
    });
    expect(await refuses(key, "bob@example.org")).toBe(false);
    expect(visited.problems).toEqual([]);
    await visited.close();
  });

  test("with the keyboard alone", async () => {
    const visited = await visit(browser, server);
    const { page } = visited;
    await signIn(visited);
    visited.clicks = 0;
    const key = await makeProject(visited, "Kiosk", () => enter(visited, "button", "Create the project"));
    await enter(visited, "link", "Continue to the first hook");
    await enter(visited, "button", "Create the first hook");
    await enter(visited, "button", /Begin with/);
    await page.getByRole("listbox").waitFor();
    await page.keyboard.type("Block free");
    await page.keyboard.press("Enter");
    await enter(visited, "button", "Create the hook");
    await page.locator(".monaco-editor .view-line").first().waitFor();
    await enter(visited, "link", "Deploy…");
    await enter(visited, "button", "Deploy the draft to development");
    await page.getByRole("heading", { name: /Version 1 is live/ }).waitFor();
    expect(await refuses(key, FREE)).toBe(true);

    await enter(visited, "link", "Code");
    await reach(visited, "textbox", /hooks\//);
    await typeMistake(page);
    await mend(page);
    await page.keyboard.press("Control+Enter");
    await page.getByText("simulated", { exact: true }).waitFor();
    // In the editor Tab indents, until Ctrl+M switches it to moving the focus.
    await page.keyboard.press("Control+m");
    await page.keyboard.press("Tab");
    await enter(visited, "link", "Deploy…");
    await enter(visited, "button", "Deploy the draft to development");
    await page.getByRole("heading", { name: /Version 2 is live/ }).waitFor();
    expect(await refuses(key, "eve@example.org")).toBe(true);

    await enter(visited, "link", "Version history");
    await enter(visited, "button", "Roll back");
    await enter(visited, "button", "Roll back to version 1");
    await page.getByText(/live in development again/).waitFor();
    expect(await refuses(key, "bob@example.org")).toBe(false);
    expect(visited.clicks).toBe(0);
    expect(visited.problems).toEqual([]);
    await visited.close();
  });
});

/** From the page of a new server, or from that of all projects. */
async function makeProject(visited: Visit, name: string, submit: () => Promise<void>): Promise<string> {
  const { page } = visited;
  if (visited.clicks === 0 && name === "Shop") await click(visited, "link", /create .*project/i);
  else await enter(visited, "link", /create .*project/i);
  await page.getByRole("textbox", { name: "Name", exact: true }).waitFor();
  await page.keyboard.type(name);
  await submit();
  return page.getByText(/^pk_/).first().innerText();
}

/** At the end of the file; the browser's own checker of types says what is wrong, with its line. */
async function typeMistake(page: Page): Promise<void> {
  await page.keyboard.press("Control+End");
  await page.keyboard.type(`\n${WRONG}`);
  await page.getByRole("region", { name: "Problems" }).getByText("TS2345").waitFor();
}

async function mend(page: Page): Promise<void> {
  await page.keyboard.press("Shift+Home");
  await page.keyboard.press("Delete");
  await page.keyboard.type(RIGHT);
  await page.getByRole("region", { name: "Problems" }).waitFor({ state: "detached" });
  await page
    .getByText(/^Saved/)
    .first()
    .waitFor();
}
