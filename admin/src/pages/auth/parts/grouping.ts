// Which endpoints belong together, how an address names one of them, and which of them a filter leaves.
import type { Place } from "../../../api/client.ts";
import type { EndpointWithHooks } from "../../../api/queries/endpoints.ts";

export type Group = { title: string; endpoints: EndpointWithHooks[] };

/** The groups in the order of the page, by the part of the path after /auth. What is in none of them is the last group. */
const GROUPS: readonly [title: string, parts: readonly string[]][] = [
  ["Sign-up and login", ["register", "login", "refresh", "logout"]],
  ["Account and sessions", ["me", "sessions"]],
  ["Email address", ["email"]],
  ["Password", ["password"]],
  ["One-time codes and phone number", ["otp", "phone"]],
  ["Magic link", ["magic-link"]],
  ["Second factor", ["mfa"]],
  ["Identity providers", ["identities", "oauth"]],
];
const REST = "Others";

export function grouped(endpoints: readonly EndpointWithHooks[]): Group[] {
  const titles = [...GROUPS.map(([title]) => title), REST];
  const groups = titles.map((title) => ({ title, endpoints: endpoints.filter((one) => titleOf(one) === title) }));
  return groups.filter((group) => group.endpoints.length > 0);
}

function titleOf(endpoint: EndpointWithHooks): string {
  const part = endpoint.path.split("/")[2] ?? "";
  return GROUPS.find(([, parts]) => parts.includes(part))?.[0] ?? REST;
}

/** Names an endpoint in addresses, as the API reference does: `post-auth-register`. */
export function operationOf(endpoint: { method: string; path: string }): string {
  const words = endpoint.path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return [endpoint.method.toLowerCase(), ...words].join("-");
}

/** The section of the API reference about it, with the hooks that run in this environment. */
export function referenceOf(endpoint: { method: string; path: string }, place: Place): `?${string}` {
  const query = new URLSearchParams({ project: place.project, environment: place.environment });
  return `?${query}#${operationOf(endpoint)}`;
}

export type Show = "hooks" | "failing" | undefined;

export function matching(endpoints: readonly EndpointWithHooks[], text: string | undefined, show: Show) {
  const words = (text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return endpoints.filter(
    (endpoint) => isShown(endpoint, show) && words.every((word) => textOf(endpoint).includes(word)),
  );
}

function isShown(endpoint: EndpointWithHooks, show: Show): boolean {
  if (show === "failing") return endpoint.figures.failures > 0;
  return show !== "hooks" || hasHooks(endpoint);
}

/** Whether any hook or webhook is there for it, enabled or not. */
export function hasHooks(endpoint: EndpointWithHooks): boolean {
  return (
    [...endpoint.hooks, ...endpoint.events].some((place) => place.hooks.length > 0) ||
    endpoint.events.some((event) => event.webhooks.length > 0)
  );
}

function textOf(endpoint: EndpointWithHooks): string {
  const places = endpoint.hooks.map((place) => [place.point, ...place.hooks.map((hook) => hook.name)]);
  const events = endpoint.events.map((event) => [
    event.name,
    ...event.hooks.map((hook) => hook.name),
    ...event.webhooks.map((webhook) => webhook.url ?? webhook.id),
  ]);
  return [endpoint.method, endpoint.path, endpoint.summary, ...places.flat(), ...events.flat()].join(" ").toLowerCase();
}
