// The routes that others hang below: the root, what is in the frame, a project, an environment.
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { ApiError } from "../api/errors.ts";
import { currentAdmin } from "../api/queries/session.ts";
import { Frame } from "../frame/frame.tsx";
import { NotFound, PageProblem } from "../frame/page_problem.tsx";

export type RouterContext = { cache: QueryClient };

export const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  errorComponent: PageProblem,
  notFoundComponent: NotFound,
});

/** Everything that needs somebody signed in: rail, bar, dialogs. */
export const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.cache.ensureQueryData(currentAdmin);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { to: location.href }, replace: true });
    }
  },
});

export const project = createRoute({ getParentRoute: () => frame, path: "/p/$project", notFoundComponent: NotFound });

export const environment = createRoute({
  getParentRoute: () => project,
  path: "/$environment",
  notFoundComponent: NotFound,
});
