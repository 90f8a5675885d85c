// The assistant of the editor, against a model that answers what the test says: from a question to a live hook, what is red, what would
// widen the hook, a conflict, an answer that tries to be markup, and being turned off.
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { click, launch, missingBrowser, signIn, type Visit, visit, withinClicks } from "./support/browser.ts";
import { createHook, edit } from "./support/hooks.ts";
import { type ScriptedModel, scriptedModel } from "./support/model.ts";
import { makeAccounts, ROLE_PASSWORD } from "./support/roles.ts";
import { register } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

const P = "/admin/api/v1/projects/shop";
const CODE = "/admin/p/shop/development/hooks/gate/code";
const FREE = "eve@gmail.com";

const BEGINNING = "export const beforeSignup = async () => {};\n";
const GOOD = `export const beforeSignup = async (context, payload) => {
  if (payload.user.email.toLowerCase().endsWith("@gmail.com")) {
    return { deny: { code: "free_provider", message: "Please use your work address", status: 403 } };
  }
};
`;
const WIDE = `export const beforeSignup = async (context, payload) => {
  const answer = await fetch("https://risk.example.com/check", { method: "POST", body: payload.user.email });
  if (!answer.ok) return { deny: { code: "free_provider", message: "No", status: 403 } };
};
`;
const BROKEN = "export const beforeSignup = async ( => ;\n";
const file = (code: string) => `\`\`\`ts path=hooks/gate.ts\n${code}\`\`\`\n`;

/** A case that only a hook that denies free providers passes. */
const CASE = {
  hook: "beforeSignup",
  payload: {
    user: { email: "person1@gmail.com", metadata: {}, publicMetadata: {} },
    provider: "password",
    client: {},
  },
  expect: { replyIncludes: { kind: "deny", code: "free_provider" } },
};

describe.skipIf(missingBrowser())("the assistant", () => {
  let browser: Browser;
  let server: TestServer;
  let model: ScriptedModel;
  let visited: Visit;
  let panel: Locator;
  let key = "";

  beforeAll(async () => {
    [browser, model] = await Promise.all([launch(), scriptedModel()]);
    server = await start({ env: model.settings });
    const made = await server.api<{ publishable_key: string }>("POST", "/admin/api/v1/projects", {
      id: "shop",
      name: "Shop",
      environment: "development",
    });
    key = made.publishable_key;
    const revision = await createHook(server, "shop", "gate", { text: BEGINNING });
    // The first build of a server takes longest; what is asked meanwhile would wait for it.
    await server.api("POST", `${P}/hooks/gate/check`, { revision }).catch(() => {});
    await server.api("PUT", `${P}/hooks/gate/cases/denies-free`, { document: CASE });
    visited = await visit(browser, server);
    await signIn(visited);
    panel = visited.page.getByRole("complementary", { name: "Assistant" });
  });
  beforeEach(async () => {
    visited.problems.length = 0;
    await edit(server, "shop", "gate", () => BEGINNING);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await model?.stop();
  });

  /** The editor with the panel, ready for a question. */
  async function open(): Promise<void> {
    const { page } = visited;
    await page.goto(CODE);
    await page.locator(".monaco-editor .view-line").first().click();
    await page.keyboard.press("Control+j");
    await panel.getByLabel("Question").waitFor();
  }

  async function ask(text: string): Promise<void> {
    await panel.getByLabel("Question").fill(text);
    await panel.getByRole("button", { name: "Send" }).click();
  }

  const inEditor = () => visited.page.locator(".monaco-editor[data-uri*='/hooks/gate/']").first();
  const draft = () => server.api<{ revision: number; files: { text: string }[] }>("GET", `${P}/hooks/gate/draft`);

  test("a question becomes a draft within two clicks, then a live hook that the API answers by", async () => {
    const { page } = visited;
    await model.says(
      { text: `First try.\n\n${file(BROKEN)}` },
      { text: `It denies Gmail.\n\n${file(GOOD)}`, pieces: 7 },
    );
    await open();
    await panel.getByLabel("Question").fill("reject free e-mail providers");
    await withinClicks(visited, 2, async () => {
      await panel.getByRole("button", { name: "Send" }).click();
      await panel.getByRole("button", { name: "Apply to draft" }).click();
      await panel
        .getByText(/applied as draft r/)
        .first()
        .waitFor();
    });
    const steps = panel.getByRole("list", { name: "How far it is" });
    expect(await steps.innerText()).toContain("1/1 cases");
    expect(await panel.getByRole("list", { name: "Rounds" }).innerText()).toContain("Round 1 of 3");
    expect(await panel.innerText()).toContain("It denies Gmail.");
    await expect.poll(() => inEditor().innerText()).toContain("free_provider");
    expect((await draft()).files[0]?.text).toBe(GOOD);

    await click(visited, "button", "Run test");
    await page.getByText("simulated", { exact: true }).waitFor();
    await click(visited, "link", "Deploy…");
    await click(visited, "button", "Deploy the draft to development");
    await page.getByRole("heading", { name: /is live/ }).waitFor();
    expect((await register(server, key, FREE)).status).toBe(403);
    expect([200, 201]).toContain((await register(server, key, "ada@work.example")).status);
    expect(visited.problems).toEqual([]);
  });

  test("what the hook does is said in the list, and an invocation that it denied is explained", async () => {
    const { page } = visited;
    await page.goto("/admin/p/shop/development/hooks");
    await page.getByRole("table", { name: "Hooks" }).getByText("free_provider").waitFor();
    const { invocations } = await server.api<{ invocations: { id: string }[] }>(
      "GET",
      `${P}/environments/development/invocations?outcome=deny`,
    );
    await page.goto(`/admin/p/shop/development/calls/${invocations[0]?.id}`);
    await model.says({ text: "The address is of a *free* provider." });
    await click(visited, "button", "Explain");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Explain", exact: true }).click();
    await dialog.getByText("free", { exact: true }).waitFor();
    const asked = await model.asked();
    expect(asked).toContain("free_provider");
    expect(asked).not.toContain(FREE);
    expect(visited.problems).toEqual([]);
  });

  test("what would widen the hook is ticked one by one, and an answer cannot be markup", async () => {
    const hostile = `<img src=x onerror=alert(1)> [here](https://evil.example/) ![x](https://evil.example/x.png) a\u200Bb`;
    await model.says({ text: `${hostile}\n\n${file(WIDE)}` });
    await open();
    await ask("ask the risk service");
    const ticks = panel.getByRole("group", { name: /asks for more/ });
    await ticks.waitFor();
    expect(await panel.innerText()).toContain("<img src=x onerror=alert(1)>");
    expect(await panel.locator("img, a[href^='https://evil'], iframe, script").count()).toBe(0);
    expect(await panel.innerText()).toContain("U+200B");
    expect(await ticks.innerText()).toContain("risk.example.com");
    const apply = panel.getByRole("button", { name: /^Apply to draft/ });
    expect(await apply.getAttribute("aria-disabled")).toBe("true");
    for (const tick of await ticks.locator("label").all()) await tick.click();
    // The case fails: the service is not there. It is said, and needs a yes of its own.
    await panel.getByRole("button", { name: "Apply anyway to look at it…" }).click();
    expect((await draft()).files[0]?.text).toBe(BEGINNING);
    await visited.page.getByRole("alertdialog").getByRole("button", { name: "Apply it unverified" }).click();
    await panel
      .getByText(/applied as draft r/)
      .first()
      .waitFor();
    expect((await draft()).files[0]?.text).toBe(WIDE);
    expect(visited.problems).toEqual([]);
  });

  test("code that never becomes right is red, and says why, round by round", async () => {
    await model.says({ text: file(BROKEN) });
    await open();
    await ask("reject free e-mail providers");
    const unverified = panel.getByRole("list", { name: "What is red" });
    await unverified.or(panel.getByRole("alert")).first().waitFor();
    expect(await panel.getByRole("list", { name: "Rounds" }).innerText()).toContain("Round 3 of 3");
    expect(await panel.getByRole("list", { name: "How far it is" }).innerText()).toContain("does not compile");
    expect((await draft()).files[0]?.text).toBe(BEGINNING);
    expect(visited.problems).toEqual([]);
  });

  test("a draft that somebody else changed is a conflict, as for every save", async () => {
    const { page } = visited;
    await model.says({ text: file(GOOD) });
    await open();
    await ask("reject free e-mail providers");
    const apply = panel.getByRole("button", { name: "Apply to draft" });
    await apply.waitFor();
    await edit(server, "shop", "gate", (text) => `${text}// theirs\n`);
    await apply.click();
    await page.getByRole("alert", { name: "Conflict" }).waitFor();
    await page.getByRole("button", { name: "Take theirs" }).click();
    await expect.poll(() => inEditor().innerText()).toContain("theirs");
    await panel
      .getByRole("status")
      .getByText(/was edited after the question/)
      .waitFor();
    expect((await draft()).files[0]?.text).toBe(`${BEGINNING}// theirs\n`);
    expect(visited.problems).toEqual([]);
  });

  test("an answer that does not end is stopped, and one that is refused says so", async () => {
    await model.says({ text: "I would begin", ending: "hang" });
    await open();
    await ask("why");
    await panel.getByText("I would begin").waitFor();
    await panel.getByRole("button", { name: "Stop" }).click();
    await panel.getByText("Stopped. Nothing was changed.").waitFor();
    await model.says({ status: 429, body: { error: { message: "slow down" } } });
    await ask("why");
    await panel.getByRole("alert").getByText("model_rate_limited").waitFor();
    expect(visited.problems).toEqual([]);
  });

  test("a hook is explained, and test cases are proposed and added", async () => {
    await model.says({ text: "It **lets** everybody in." });
    await open();
    await panel.getByRole("radio", { name: "Explain" }).click();
    await panel.getByRole("button", { name: "Send" }).click();
    await panel.getByText("lets", { exact: true }).waitFor();
    expect(await model.asked()).toContain("Explain this hook.");
    await inEditor().locator(".view-line").first().click();
    await visited.page.keyboard.press("Shift+ArrowDown");
    await click(visited, "button", /^Explain the line/);
    await expect.poll(() => model.asked()).toContain("Explain these lines.");
    await panel.getByRole("button", { name: "Send" }).waitFor();
    const allows = { ...CASE, expect: { replyIncludes: { kind: "allow" } } };
    await model.says({ text: `One case.\n\n\`\`\`json case="lets-everybody-in"\n${JSON.stringify(allows)}\n\`\`\`\n` });
    await panel.getByRole("radio", { name: "Propose cases" }).click();
    await panel.getByRole("button", { name: "Send" }).click();
    await panel.getByRole("button", { name: "Add case" }).click();
    await panel.getByText("added", { exact: true }).waitFor();
    const { cases } = await server.api<{ cases: { name: string }[] }>("GET", `${P}/hooks/gate/cases`);
    expect(cases.map(({ name }) => name)).toContain("lets-everybody-in");
    await server.api("DELETE", `${P}/hooks/gate/cases/lets-everybody-in`);
    expect(visited.problems).toEqual([]);
  });

  test("turned off in a project, the editor says so and leads to where it is turned on", async () => {
    const { page } = visited;
    await page.goto("/admin/p/shop/settings/assistant");
    await click(visited, "button", "Turn the assistant off…");
    await page.getByRole("alertdialog").getByRole("button", { name: "Turn it off" }).click();
    await page.getByText("turned off in this project").waitFor();
    await page.goto(`${CODE}?panel=assistant`);
    await panel.getByRole("link", { name: "How to turn it on" }).click();
    await click(visited, "button", "Go back to the settings of the server…");
    await page.getByRole("alertdialog").getByRole("button", { name: "Go back to the server’s" }).click();
    await page.getByText("Used today").waitFor();
    await model.says({ text: "ready" });
    await click(visited, "button", "Send it");
    await page
      .getByText(/answered after/)
      .or(page.getByText("browser answered"))
      .first()
      .waitFor();
    expect(visited.problems).toEqual([]);
  });

  test("a viewer sees that asking needs another role", async () => {
    const addresses = await makeAccounts(server, "shop");
    const viewer = await visit(browser, server);
    await signIn(viewer, addresses.viewer, ROLE_PASSWORD);
    await viewer.page.goto(`${CODE}?panel=assistant`);
    const aside = viewer.page.getByRole("complementary", { name: "Assistant" });
    await aside
      .getByText(/needs the role developer/)
      .first()
      .waitFor();
    expect(await aside.getByRole("button", { name: /^Send/ }).getAttribute("aria-disabled")).toBe("true");
    expect(viewer.problems).toEqual([]);
    await viewer.close();
  });
});
