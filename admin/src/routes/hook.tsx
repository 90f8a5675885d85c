// Routes of one hook: /p/$project/$environment/hooks/$hook/… Each tab is a route of its own.
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { draftOf } from "../api/queries/drafts.ts";
import { typesOf } from "../api/queries/hook_types.ts";
import { hooksOf, liveHooks } from "../api/queries/hooks.ts";
import { early } from "../parts/early.ts";
import { flag, oneOf, searchOf, text, whole } from "../parts/search.ts";
import { environment } from "./base.tsx";

/** The page around the tabs. */
export const hook = createRoute({
  getParentRoute: () => environment,
  path: "/hooks/$hook",
  loader: ({ context: { cache }, params }) => {
    early(cache, hooksOf(params.project));
    early(cache, liveHooks(params));
    early(cache, draftOf(params));
  },
  component: lazyRouteComponent(() => import("../pages/hook/hook.tsx"), "Hook"),
});

/** A narrower window shows the code and no editor. */
const EDITS = "(min-width: 701px)";
const loadWorkbench = () => import("../pages/hook/code/workbench.tsx");

type HookParams = { project: string; environment: string; hook: string };

export const hookRoutes = [
  createRoute({
    getParentRoute: () => hook,
    path: "/",
    beforeLoad: ({ params }) => {
      throw redirect({ to: "/p/$project/$environment/hooks/$hook/code", params, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => hook,
    path: "/code",
    validateSearch: searchOf({
      file: text,
      line: whole,
      version: whole,
      diff: flag,
      panel: oneOf("test", "assistant"),
    }),
    loader: ({ context: { cache }, params, preload }) => {
      if (!window.matchMedia(EDITS).matches) return;
      early(cache, typesOf(params));
      // Whoever is about to come here: the editor is on its way already.
      if (preload) void loadWorkbench().catch(() => undefined);
    },
    component: lazyRouteComponent(() => import("../pages/hook/code/code.tsx"), "Code"),
  }),
  createRoute({
    getParentRoute: () => hook,
    path: "/test",
    validateSearch: searchOf({ case: text, call: text }),
    component: lazyRouteComponent(() => import("../pages/hook/test/test.tsx"), "Test"),
  }),
  createRoute({
    getParentRoute: () => hook,
    path: "/traffic",
    validateSearch: searchOf({
      rung: oneOf("try", "replay", "backtest", "shadow", "canary"),
      endpoint: text,
      target: text,
      backtest: text,
      kind: oneOf("same", "now_denied", "now_allowed", "new_failure", "other", "unknown"),
      from: oneOf("allow", "patch", "deny", "failure", "unknown"),
      to: oneOf("allow", "patch", "deny", "failure", "unknown"),
      after: text,
      call: text,
    }),
    component: lazyRouteComponent(() => import("../pages/hook/traffic/traffic.tsx"), "Traffic"),
  }),
  createRoute({
    getParentRoute: () => hook,
    path: "/deploy",
    validateSearch: searchOf({ version: whole }),
    component: lazyRouteComponent(() => import("../pages/hook/deploy/deploy.tsx"), "Deploy"),
  }),
  createRoute({
    getParentRoute: () => hook,
    path: "/history",
    validateSearch: searchOf({ version: whole, file: text, line: whole, back: whole }),
    // A place in the sources of a version is in the code.
    beforeLoad: ({ params, search }: { params: HookParams; search: { version?: number } }) => {
      if (search.version === undefined) return;
      throw redirect({ to: "/p/$project/$environment/hooks/$hook/code", params, search, replace: true });
    },
    component: lazyRouteComponent(() => import("../pages/hook/history/history.tsx"), "History"),
  }),
  /** `$pair` is `12..13` or `13..draft`. */
  createRoute({
    getParentRoute: () => hook,
    path: "/history/$pair",
    validateSearch: searchOf({ file: text }),
    component: lazyRouteComponent(() => import("../pages/hook/history/compare.tsx"), "Compare"),
  }),
  createRoute({
    getParentRoute: () => hook,
    path: "/settings",
    component: lazyRouteComponent(() => import("../pages/hook/settings/settings.tsx"), "Settings"),
  }),
  createRoute({
    getParentRoute: () => hook,
    path: "/calls",
    validateSearch: searchOf({ outcome: text, before: text, call: text }),
    component: lazyRouteComponent(() => import("../pages/hook/calls/calls.tsx"), "Calls"),
  }),
] as const;
