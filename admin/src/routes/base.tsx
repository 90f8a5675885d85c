// The routes that others hang below: the root, what is in the frame, a project, an environment.
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet } from "@tanstack/react-router";

export type RouterContext = { cache: QueryClient };

export const root = createRootRouteWithContext<RouterContext>()({ component: Outlet });

/** Everything that needs somebody signed in: rail, bar, dialogs. */
export const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: lazyRouteComponent(() => import("../frame/frame.tsx"), "Frame"),
});

export const project = createRoute({ getParentRoute: () => frame, path: "/p/$project" });

export const environment = createRoute({ getParentRoute: () => project, path: "/$environment" });
