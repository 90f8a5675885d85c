// Every page in every role: it is shown without an error, asks for nothing that the role may not read, and what the role may not do
// cannot be pressed and says why. The pages are those of the table of routes.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, missingBrowser, signIn, type Visit, visit } from "./support/browser.ts";
import { open } from "./support/looks.ts";
import { type PagePath, pagesOf } from "./support/pages_of.ts";
import { makeAccounts, ROLE_PASSWORD, ROLES, type RoleName } from "./support/roles.ts";
import { PROJECT, SETTINGS, type Seeded, seed } from "./support/seed.ts";
import { start, type TestServer } from "./support/server.ts";

/** Pages of the whole server, which only its administrators see. */
const OF_SERVER = /^\/settings\/(accounts|tokens|audit)$/;
/** What an owner alone may do is on the pages of the project. */
const OF_PROJECT = /^\/p\/\$project\/settings\//;
/** Somebody's own: the account and its tokens. */
const OWN = /^\/(settings\/account|new)?$/;
/** What asks the database, or for another page: a viewer may. */
const ONLY_READS = /^(Run|Add the condition|Change the input)$/;
/** What a button begins with that changes something. */
const CHANGES =
  /^(add|ban|begin|change|clear|create|delete|deploy|disable|edit|enable|end|invite|keep|lift|make|promote|raise|remove|rename|requeue|reset|restore|revoke|roll|rotate|run|save|send|set|start|stop|store|take|turn)\b/i;

describe.skipIf(missingBrowser())("roles", () => {
  let browser: Browser;
  let server: TestServer;
  let seeded: Seeded;
  let accounts: Record<RoleName, string>;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), start({ env: SETTINGS })]);
    seeded = await seed(server);
    accounts = await makeAccounts(server, PROJECT);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const role of ROLES) {
    test(role, { timeout: 180_000 }, async () => {
      const visited = await visit(browser, server);
      const refused: string[] = [];
      visited.page.on("response", (answer) => {
        if (answer.status() === 403) refused.push(`${answer.request().method()} ${new URL(answer.url()).pathname}`);
      });
      await signIn(visited, accounts[role], ROLE_PASSWORD);
      const found: Record<string, string[]> = {};
      for (const page of pagesOf(seeded, false)) {
        refused.length = 0;
        await open(visited, page.path);
        const problems = await wrong(visited, role, page, refused);
        if (problems.length > 0) found[page.path] = problems;
      }
      expect(found).toEqual({});
      await visited.close();
    });
  }
});

async function wrong({ page, problems }: Visit, role: RoleName, at: PagePath, refused: string[]): Promise<string[]> {
  const found = [...problems];
  if (OF_SERVER.test(at.route) && role !== "administrator") {
    const said = await page.getByRole("main").innerText();
    if (!/administrator/i.test(said)) found.push(`does not say that it is for administrators: ${said.slice(0, 200)}`);
    return found;
  }
  found.push(...refused.map((one) => `asked for what is refused: ${one}`));
  for (const button of await buttonsOf(page)) {
    if (button.isOff && !button.why && !button.isOpener)
      found.push(`“${button.words}” cannot be pressed and does not say why`);
    if (button.why.includes("needs the role") && mayAll(role))
      found.push(`“${button.words}” is refused: ${button.why}`);
    if (!button.isOff && !button.isOpener && isForbidden(role, at.route, button.words))
      found.push(`“${button.words}” can be pressed`);
  }
  return found;
}

function mayAll(role: RoleName): boolean {
  return role === "administrator" || role === "owner";
}

function isForbidden(role: RoleName, route: string, words: string): boolean {
  if (mayAll(role) || OWN.test(route) || ONLY_READS.test(words) || !CHANGES.test(words)) return false;
  return role === "viewer" || OF_PROJECT.test(route);
}

interface Shown {
  words: string;
  isOff: boolean;
  /** Opens a list: what cannot be chosen in it says why there, and a field of a form says it above the form. */
  isOpener: boolean;
  why: string;
}

/** The buttons of the page, without those of the frame around it. */
async function buttonsOf(page: Visit["page"]): Promise<Shown[]> {
  return page.getByRole("main").evaluate((main) =>
    [...main.querySelectorAll<HTMLElement>("button, [role=button]")]
      .filter((button) => button.checkVisibility() && !button.closest(".monaco-editor"))
      .map((button) => {
        const hidden = button.querySelector(".hidden-visually")?.textContent ?? "";
        const label = button.getAttribute("aria-label") ?? "";
        const said = button.innerText.replace(hidden, "").trim();
        return {
          words: said || label,
          isOpener: button.hasAttribute("aria-haspopup"),
          isOff: button.getAttribute("aria-disabled") === "true" || (button as HTMLButtonElement).disabled,
          why: hidden || (said ? "" : label.split(". ").slice(1).join(". ")),
        };
      }),
  );
}
