// Every address of the admin, from its own table of routes: a route that is added is visited by every test that visits all of them.
import { Window } from "happy-dom";
import { ENVIRONMENT, HOOK, PROJECT, QUEUE, type Seeded, TABLE } from "./seed.ts";

// The pages are made for a browser, and look for its window as soon as they are read.
const window = new Window({ url: "http://127.0.0.1/admin/" });
const { document, localStorage, navigator, history, location } = window;
const addEventListener = window.addEventListener.bind(window);
Object.assign(globalThis, {
  window,
  self: window,
  document,
  localStorage,
  navigator,
  history,
  location,
  addEventListener,
});
const { router } = await import("../../src/routes.tsx");

/** Ways in, where nobody is signed in; they have tests of their own. */
const ENTRY = /^\/(setup|sign-in|sign-in\/code|invitation|forgot|reset)$/;

/** What the address says beside its path. */
const TABS: Record<string, readonly string[]> = {
  "/p/$project/$environment/users/$user": ["?tab=sessions", "?tab=login", "?tab=invocations", "?tab=events"],
  "/p/$project/$environment/auth/$operation": ["?tab=test", "?tab=calls"],
  "/p/$project/$environment/hooks/$hook/code": ["?panel=test", "?diff=true"],
  "/p/$project/$environment/hooks/$hook/traffic": ["try", "replay", "shadow", "canary"].map((rung) => `?rung=${rung}`),
};

export interface PagePath {
  /** As in the table of routes. */
  route: string;
  /** To visit. */
  path: string;
}

/** The addresses of a seeded project; `isWhole`: also the tabs that are no routes. */
export function pagesOf(seeded: Seeded, isWhole = true): PagePath[] {
  const values: Record<string, string> = {
    $project: PROJECT,
    $environment: ENVIRONMENT,
    $hook: HOOK,
    $pair: "1..2",
    $operation: "post-auth-register",
    $webhook: seeded.webhook,
    $delivery: seeded.delivery,
    $queue: QUEUE,
    $job: seeded.job,
    $invocation: seeded.invocation,
    $request: seeded.request,
    $event: seeded.event,
    $user: seeded.user,
    $mail: seeded.mail,
    $template: "otp",
    $table: TABLE,
  };
  return routes().flatMap((route) => {
    const path = route.replaceAll(/\$\w+/g, (name) => {
      const value = values[name];
      if (!value) throw new Error(`${route}: say in ${import.meta.filename} what ${name} is`);
      return value;
    });
    const tabs = isWhole ? (TABS[route] ?? []) : [];
    return ["", ...tabs].map((tab) => ({ route, path: `/admin${path}${tab}` }));
  });
}

/** Every route that shows a page: those that others hang below, or that lead on at once, show none themselves. */
function routes(): string[] {
  const all = Object.values(router.routesById) as { fullPath: string; options: { component?: unknown } }[];
  const paths = all.filter((one) => one.options.component).map((one) => one.fullPath.replace(/(?<=.)\/$/, ""));
  return [...new Set(paths)].filter((path) => path !== "" && !ENTRY.test(path) && !path.endsWith("/hooks/$hook"));
}
