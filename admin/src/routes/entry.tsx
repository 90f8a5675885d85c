// Routes of set-up and sign-in, of projects, of the overview and of what belongs to the person. Links of the set-up, of invitations and of
// new passwords carry their token behind the `#`, which browsers send to no server.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { searchOf, text } from "../parts/search.ts";
import { environment, frame, root } from "./base.tsx";

export const entryRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: "/setup",
    component: lazyRouteComponent(() => import("../pages/setup/setup.tsx"), "Setup"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/sign-in",
    validateSearch: searchOf({ to: text }),
    component: lazyRouteComponent(() => import("../pages/sign_in/sign_in.tsx"), "SignIn"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/sign-in/code",
    validateSearch: searchOf({ to: text }),
    component: lazyRouteComponent(() => import("../pages/sign_in/sign_in_code.tsx"), "SignInCode"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/invitation",
    component: lazyRouteComponent(() => import("../pages/invitation/invitation.tsx"), "Invitation"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/forgot",
    component: lazyRouteComponent(() => import("../pages/password_reset/forgot.tsx"), "Forgot"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/reset",
    component: lazyRouteComponent(() => import("../pages/password_reset/reset.tsx"), "Reset"),
  }),
] as const;

export const ownRoutes = [
  createRoute({
    getParentRoute: () => frame,
    path: "/",
    component: lazyRouteComponent(() => import("../pages/projects/projects.tsx"), "Projects"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/new",
    component: lazyRouteComponent(() => import("../pages/projects/new_project.tsx"), "NewProject"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/account",
    component: lazyRouteComponent(() => import("../pages/account/account.tsx"), "Account"),
  }),
] as const;

export const overviewRoute = createRoute({
  getParentRoute: () => environment,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/overview/overview.tsx"), "Overview"),
});
