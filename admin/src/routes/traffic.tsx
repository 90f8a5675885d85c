// Routes of endpoints, hooks as a list, invocations, requests, events, webhooks, deliveries, queues and schedules.
// A page is added by its line `component: lazyRouteComponent(() => import("../pages/<page>/<page>.tsx"), "<Page>")`.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { endpointsOf } from "../api/queries/endpoints.ts";
import { early } from "../parts/early.ts";
import { flag, moment, oneOf, searchOf, text, whole } from "../parts/search.ts";
import { environment } from "./base.tsx";

const calls = {
  hook: text,
  outcome: text,
  point: text,
  version: whole,
  user: text,
  request: text,
  mode: text,
  from: moment,
  to: moment,
  slower: whole,
  before: text,
  live: flag,
  call: text,
};

const deliveries = {
  state: text,
  event: text,
  type: text,
  from: moment,
  to: moment,
  before: text,
  delivery: text,
};

export const trafficRoutes = [
  createRoute({
    getParentRoute: () => environment,
    path: "/auth",
    loader: ({ context: { cache }, params }) => early(cache, endpointsOf(params)),
    component: lazyRouteComponent(() => import("../pages/auth/auth.tsx"), "Auth"),
    validateSearch: searchOf({ q: text, show: oneOf("hooks", "failing") }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/auth/$operation",
    component: lazyRouteComponent(() => import("../pages/endpoint/endpoint.tsx"), "Endpoint"),
    validateSearch: searchOf({ tab: oneOf("overview", "test", "calls") }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/hooks",
    component: lazyRouteComponent(() => import("../pages/hooks/hooks.tsx"), "Hooks"),
    validateSearch: searchOf({ q: text, show: text, template: text }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/webhooks",
    component: lazyRouteComponent(() => import("../pages/webhooks/webhooks.tsx"), "Webhooks"),
    validateSearch: searchOf({ state: text }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/webhooks/$webhook",
    component: lazyRouteComponent(() => import("../pages/webhooks/webhook.tsx"), "Webhook"),
    validateSearch: searchOf({ tab: text, ...deliveries }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/webhooks/$webhook/deliveries/$delivery",
    component: lazyRouteComponent(() => import("../pages/deliveries/delivery.tsx"), "Delivery"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/deliveries",
    component: lazyRouteComponent(() => import("../pages/deliveries/deliveries.tsx"), "Deliveries"),
    validateSearch: searchOf({ webhook: text, ...deliveries }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/queues",
    component: lazyRouteComponent(() => import("../pages/queues/queues.tsx"), "Queues"),
    validateSearch: searchOf({ state: text }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/queues/$queue",
    component: lazyRouteComponent(() => import("../pages/queues/queue.tsx"), "Queue"),
    validateSearch: searchOf({ state: text, before: text, job: text }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/queues/$queue/jobs/$job",
    component: lazyRouteComponent(() => import("../pages/queues/job.tsx"), "Job"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/schedules",
    component: lazyRouteComponent(() => import("../pages/schedules/schedules.tsx"), "Schedules"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/calls",
    component: lazyRouteComponent(() => import("../pages/invocations/invocations.tsx"), "Invocations"),
    validateSearch: searchOf(calls),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/calls/$invocation",
    component: lazyRouteComponent(() => import("../pages/invocations/invocation.tsx"), "Invocation"),
    validateSearch: searchOf({ tab: text, with: text }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/requests/$request",
    component: lazyRouteComponent(() => import("../pages/requests/request.tsx"), "Request"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/events",
    component: lazyRouteComponent(() => import("../pages/events/events.tsx"), "Events"),
    validateSearch: searchOf({ type: text, subject: text, before: text, live: flag, event: text }),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/events/$event",
    component: lazyRouteComponent(() => import("../pages/events/event.tsx"), "Event"),
  }),
] as const;
