// Routes of one hook: /p/$project/$environment/hooks/$hook/… Each tab is a route of its own.
import { createRoute } from "@tanstack/react-router";
import { searchOf, text, whole } from "../parts/search.ts";
import { environment } from "./base.tsx";

/** The page around the tabs. Give it `component: lazyRouteComponent(() => import("../pages/hook/hook.tsx"), "Hook")`. */
export const hook = createRoute({ getParentRoute: () => environment, path: "/hooks/$hook" });

export const hookRoutes = [
  createRoute({ getParentRoute: () => hook, path: "/code", validateSearch: searchOf({ file: text, line: whole }) }),
  createRoute({ getParentRoute: () => hook, path: "/test", validateSearch: searchOf({ case: text, call: text }) }),
  createRoute({
    getParentRoute: () => hook,
    path: "/traffic",
    validateSearch: searchOf({ rung: text, backtest: text, kind: text }),
  }),
  createRoute({ getParentRoute: () => hook, path: "/deploy" }),
  createRoute({ getParentRoute: () => hook, path: "/history", validateSearch: searchOf({ version: whole }) }),
  /** `$pair` is `12..13` or `13..draft`. */
  createRoute({ getParentRoute: () => hook, path: "/history/$pair", validateSearch: searchOf({ file: text }) }),
  createRoute({ getParentRoute: () => hook, path: "/settings" }),
  createRoute({
    getParentRoute: () => hook,
    path: "/calls",
    validateSearch: searchOf({ outcome: text, before: text, call: text }),
  }),
] as const;
