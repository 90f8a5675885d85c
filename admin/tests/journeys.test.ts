// What people do again and again, each within its budget of clicks from the page that is named: what is denied or fails is found, cases
// are made, rollouts are started and stopped, messages are sent again.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  click,
  keepFailures,
  launch,
  missingBrowser,
  signIn,
  TICK,
  type Visit,
  visit,
  withinClicks,
} from "./support/browser.ts";
import { edit } from "./support/hooks.ts";
import { type Receiver, receive } from "./support/receiver.ts";
import {
  auth,
  ENVIRONMENT,
  FAILING,
  HOOK,
  PROJECT,
  register,
  S,
  SETTINGS,
  type Seeded,
  seed,
  USER_PASSWORD,
  until,
} from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

/** What a page shows by itself. */
const SOON = { timeout: 30_000 };
const E = `/admin/p/${PROJECT}/${ENVIRONMENT}`;

describe.skipIf(missingBrowser())("journeys", () => {
  let browser: Browser;
  let server: TestServer;
  let receiver: Receiver;
  let seeded: Seeded;
  let visited: Visit;

  beforeAll(async () => {
    [browser, server, receiver] = await Promise.all([launch(), start({ env: SETTINGS }), receive()]);
    seeded = await seed(server);
    visited = await visit(browser, server);
    await signIn(visited);
  });
  beforeEach(() => {
    visited.problems.length = 0;
    keepFailures(visited.page);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await receiver?.stop();
  });

  test("from the overview to why a sign-up was denied", async () => {
    const { page } = visited;
    await page.goto(E);
    await withinClicks(visited, 3, async () => {
      await page.getByText("Denied", { exact: true }).waitFor();
      await click(visited, "link", /% of/);
      await page.getByRole("table", { name: "Invocations" }).waitFor();
      await page.locator("[data-row-link]").first().click();
      await page.getByRole("dialog").or(page.getByRole("complementary")).getByText("blocked_domain").first().waitFor();
    });
    expect(visited.problems).toEqual([]);
  });

  test("what happens is shown by itself: on the overview, and where invocations are followed", async () => {
    const { page } = visited;
    const counted = page.locator("dl", { hasText: "Last invocations" }).locator("dd").first();
    await page.goto(E);
    const before = await counted.innerText();
    await page.getByRole("img", { name: /^Live/ }).waitFor();
    await register(server, seeded.key, "fay@work.example");
    await expect.poll(() => counted.innerText(), SOON).not.toBe(before);
    await page.goto(`${E}/calls`);
    await click(visited, "button", "Follow");
    await page.getByText("following").waitFor();
    const rows = page.getByRole("table", { name: "Invocations" }).locator("[data-row-link]");
    const newest = await rows.first().getAttribute("href");
    await register(server, seeded.key, "gus@work.example");
    await expect.poll(() => rows.first().getAttribute("href"), SOON).not.toBe(newest);
    expect(visited.problems).toEqual([]);
  });

  test("from API & Hooks to the editor of a hook", async () => {
    const { page } = visited;
    await page.goto(`${E}/auth`);
    await withinClicks(visited, 2, async () => {
      await click(visited, "link", /POST \/auth\/register/);
      await click(visited, "link", "Edit hook");
      await page.locator(".monaco-editor .view-line").first().waitFor();
    });
    expect(visited.problems).toEqual([]);
  });

  test("a call that failed becomes a case of its hook", async () => {
    const { page } = visited;
    await page.goto(E);
    await withinClicks(visited, 1, async () => {
      await click(visited, "link", new RegExp(`${FAILING} failed in`));
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page
        .getByText(/hooks\/greeter\.ts:5/)
        .first()
        .waitFor();
    });
    await withinClicks(visited, 2, async () => {
      await click(visited, "button", "Make it a test");
      await click(visited, "button", "Store the test case");
      await page.getByText(/is stored with/).waitFor();
    });
    const { cases } = await server.api<{ cases: unknown[] }>(
      "GET",
      `/admin/api/v1/projects/${PROJECT}/hooks/${FAILING}/cases`,
    );
    expect(cases.length).toBe(1);
    expect(visited.problems).toEqual([]);
  });

  test("a call that failed is replayed on a draft that was mended", async () => {
    const { page } = visited;
    await edit(server, PROJECT, FAILING, (text) => text.replace(/throw new Error.*;/, 'log.info("mended");'));
    const [failed] = await until(server, `${S}/invocations?hook=${FAILING}`, "invocations");
    await page.goto(`${E}/calls/${failed?.id}`);
    await withinClicks(visited, 3, async () => {
      await click(visited, "button", "Replay");
      await click(visited, "menuitem", "The draft");
      await page.getByRole("dialog").getByText("decision changed").waitFor();
    });
    await page.keyboard.press("Escape");
    expect(visited.problems).toEqual([]);
  });

  test("a draft is run on what happened", async () => {
    const { page } = visited;
    await edit(server, PROJECT, HOOK, (text) => text.replace('"mailinator.com",', '"work.example",'));
    await page.goto(`${E}/hooks/${HOOK}/code`);
    await withinClicks(visited, 2, async () => {
      await click(visited, "link", "Try on traffic");
      await click(visited, "button", "Run on the draft");
      await page.getByRole("button", { name: /would now be denied/ }).waitFor();
      await page.getByText("done", { exact: true }).first().waitFor();
    });
    const headline = page.getByRole("button", { name: /would now be let in/ });
    expect(await headline.innerText()).toMatch(/^1\b/);
    expect(visited.problems).toEqual([]);
  });

  test("a canary is started, seen on the overview, and stopped", async () => {
    const { page } = visited;
    await page.goto(`${E}/hooks/${HOOK}/code`);
    await withinClicks(visited, 3 + TICK, async () => {
      await click(visited, "link", "Try on traffic");
      await click(visited, "link", /Canary/);
      await page.getByText(`Yes, in ${ENVIRONMENT}`).click();
      await click(visited, "button", /Start the canary/);
      await page.getByText("0 of 200 calls: too early to say").waitFor();
    });
    const { rollouts } = await server.api<{ rollouts: { state: string; share: number }[] }>("GET", `${S}/rollouts`);
    expect(rollouts[0]).toMatchObject({ state: "running", share: 5 });
    await page.goto(`${E}/hooks`);
    await page.getByText(/^canary v3$/).waitFor();
    await page.goto(E);
    await withinClicks(visited, 2, async () => {
      await click(visited, "button", "Stop the canary…");
      await click(visited, "button", "Stop the canary");
      await page.getByText(/is stopped in/).waitFor();
    });
    const after = await server.api<{ rollouts: { state: string }[] }>("GET", `${S}/rollouts`);
    expect(after.rollouts[0]?.state).toBe("stopped");
    expect(visited.problems).toEqual([]);
  });

  test("a shadow counts what a version would have decided", async () => {
    const { page } = visited;
    await page.goto(`${E}/hooks/${HOOK}/traffic?rung=shadow&target=3`);
    await click(visited, "button", /Start the shadow/);
    await page.getByRole("table", { name: "Both versions" }).waitFor();
    await register(server, seeded.key, "dora@work.example");
    await page.getByRole("table", { name: "Decisions of both versions" }).waitFor();
    await page.getByText(/^1$/).first().waitFor();
    await click(visited, "button", "Stop the shadow…");
    await click(visited, "button", "Stop the shadow");
    await page.getByText(/is stopped in/).waitFor();
    expect(visited.problems).toEqual([]);
  });

  test("a request is tried end to end with another version", async () => {
    const { page } = visited;
    await page.goto(`${E}/hooks/${HOOK}/traffic?rung=try&target=3`);
    await page.getByText("A request, end to end").click();
    const body = page.getByRole("textbox", { name: "Body" });
    await body.fill(JSON.stringify({ email: "new@work.example", password: USER_PASSWORD }));
    await click(visited, "button", "Run the dry-run");
    await page.getByText("403", { exact: true }).first().waitFor();
    expect(visited.problems).toEqual([]);
  });

  test("two tabs that edit the same draft hear of each other, and nothing is overwritten", async () => {
    const { page } = visited;
    await page.goto(`${E}/hooks/${HOOK}/code`);
    await page.locator(".monaco-editor .view-line").first().click();
    const second = await page.context().newPage();
    await second.goto(`${E}/hooks/${HOOK}/code`);
    await second.locator(".monaco-editor .view-line").first().click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("\n// of the first tab");
    await page
      .getByText(/^Saving/)
      .or(page.getByText(/^Saved/))
      .first()
      .waitFor();
    await expect.poll(() => textOf(server)).toContain("of the first tab");
    await second.keyboard.press("Control+End");
    await second.keyboard.type("\n// of the second tab");
    await second.getByRole("alert", { name: "Conflict" }).waitFor();
    expect(await textOf(server)).not.toContain("of the second tab");
    await second.getByRole("button", { name: "Keep mine" }).click();
    await expect.poll(() => textOf(server)).toContain("of the second tab");
    await second.close();
    await page.goto(E);
  });

  async function textOf(of: TestServer): Promise<string> {
    const path = `/admin/api/v1/projects/${PROJECT}/hooks/${HOOK}/draft`;
    return (await of.api<{ files: { text: string }[] }>("GET", path)).files[0]?.text ?? "";
  }

  test("why deliveries fail is seen in two clicks, and one is sent again in one more", async () => {
    const { page } = visited;
    receiver.answer = { status: 200, body: "thank you" };
    const made = await server.api<{ id: string }>("POST", `${S}/webhooks`, {
      url: receiver.url,
      description: "CRM",
      events: ["auth.signup"],
    });
    await register(server, seeded.key, "frank@firm.example");
    await until(server, `${S}/webhooks/${made.id}/deliveries?state=delivered`, "deliveries");
    receiver.answer = { status: 500, body: "the CRM is down" };
    await register(server, seeded.key, "gina@firm.example");
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBeGreaterThan(1);
    await expect
      .poll(
        async () => (await server.api<{ failingSince: string | null }>("GET", `${S}/webhooks/${made.id}`)).failingSince,
      )
      .not.toBeNull();
    await page.goto(E);
    await withinClicks(visited, 2, async () => {
      await click(visited, "link", /Deliveries to the webhook CRM fail/);
      await page.getByRole("table", { name: "Deliveries" }).waitFor();
      await page.locator("[data-row-link]").first().click();
      await page.getByText("the CRM is down").first().waitFor();
    });
    receiver.answer = { status: 200, body: "thank you" };
    const before = receiver.received.length;
    await page.goto(`${E}/webhooks/${made.id}?state=delivered`);
    await page.locator("[data-row-link]").last().click();
    await withinClicks(visited, 1, async () => {
      await click(visited, "button", "Send again");
      await page.getByText(/It is sent again/).waitFor();
    });
    await expect.poll(() => receiver.received.length).toBeGreaterThan(before);
    const ids = receiver.received.map((one) => one.id);
    expect(new Set(ids).size).toBeLessThan(ids.length);
    expect(visited.problems).toEqual([]);
  });

  test("what failed at an endpoint that was gone is sent again in two clicks", async () => {
    const { page } = visited;
    receiver.answer = { status: 410, body: "gone" };
    const { webhooks } = await server.api<{ webhooks: { id: string; description: string }[] }>("GET", `${S}/webhooks`);
    const crm = webhooks.find((one) => one.description === "CRM")?.id;
    await register(server, seeded.key, "hans@firm.example");
    await expect
      .poll(async () => (await server.api<{ state: string }>("GET", `${S}/webhooks/${crm}`)).state, { timeout: 20_000 })
      .toBe("disabled");
    receiver.answer = { status: 200, body: "thank you" };
    await page.goto(`${E}/webhooks/${crm}`);
    await click(visited, "button", "Enable");
    await page.getByText(/^Enabled\./).waitFor();
    const before = receiver.received.length;
    await withinClicks(visited, 2, async () => {
      await click(visited, "button", "Send again…");
      await click(visited, "button", /^Send \d+ again/);
      await page.getByText(/sent again\.$/).waitFor();
    });
    await expect.poll(() => receiver.received.length).toBeGreaterThan(before);
    expect(visited.problems).toEqual([]);
  });

  test("a dead job is requeued", async () => {
    const { page } = visited;
    await page.goto(E);
    await withinClicks(visited, 3, async () => {
      await click(visited, "link", /of the queue .*dead/);
      await page.getByRole("table", { name: "Jobs" }).waitFor();
      await page.locator("[data-row-link]").first().click();
      await click(visited, "button", "Requeue");
      await page.getByText(/The job is requeued/).waitFor();
    });
    expect(visited.problems).toEqual([]);
  });

  test("a user is found and logged out everywhere", async () => {
    const { page } = visited;
    await auth(server, seeded.key, "/auth/login", { email: "ada@work.example", password: USER_PASSWORD });
    await page.goto(`${E}/users`);
    await withinClicks(visited, 3 + TICK, async () => {
      await page.getByRole("link", { name: "bob@work.example" }).waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("ada@work");
      await page.getByRole("link", { name: "bob@work.example" }).waitFor({ state: "detached" });
      await click(visited, "link", "ada@work.example");
      await click(visited, "button", "End all sessions…");
      await page.getByText(`Yes, in ${ENVIRONMENT}`).click();
      await click(visited, "button", "End all sessions");
      await page.getByText(/sessions? of ada@work.example ended/).waitFor();
    });
    const path = `${S}/users/${seeded.user}/sessions`;
    expect((await server.api<{ sessions: unknown[] }>("GET", path)).sessions).toEqual([]);
    expect(visited.problems).toEqual([]);
  });

  test("a list is paged, filtered to nothing and back, and a row opens beside it by keyboard", async () => {
    const { page } = visited;
    for (let n = 0; n < 50; n++) await register(server, seeded.key, `page${n}@work.example`);
    await page.goto(`${E}/events`);
    const rows = page.getByRole("table", { name: "Events" }).locator("[data-row-link]");
    const first = await rows.first().getAttribute("href");
    await click(visited, "button", "Older");
    await page.waitForURL(/before=/);
    await expect.poll(() => rows.first().getAttribute("href"), SOON).not.toContain(String(first).split("event=")[1]);
    await click(visited, "button", "Newer");
    await page.waitForURL((url) => !url.search.includes("before="));
    await page.keyboard.press("/");
    await page.getByRole("searchbox", { name: "User id" }).fill("usr_nobody");
    await page.getByText("No events match these filters.").waitFor();
    await click(visited, "button", "Clear the filters");
    await rows.first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: "Event" });
    await panel.getByText("auth.signup").first().waitFor();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    expect(visited.problems).toEqual([]);
  });
});
