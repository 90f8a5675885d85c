// Which hosts hooks may reach: what the environment allows, compared with what live hooks declare. A request goes out only if
// both allow it.
import type { LiveHook } from "../../../../../docs/openapi.d.ts";

const CAPABILITY = "http:";

/** `all` of what is declared may be reached, `some` of it, or `none`. */
export type Reach = "all" | "some" | "none";
export type Declared = { host: string; hooks: string[]; reach: Reach };

export function declaredHosts(hooks: readonly LiveHook[], allowed: readonly string[]): Declared[] {
  const byHost = new Map<string, string[]>();
  for (const hook of hooks) {
    for (const capability of hook.capabilities) {
      if (!capability.startsWith(CAPABILITY)) continue;
      const host = capability.slice(CAPABILITY.length);
      byHost.set(host, [...(byHost.get(host) ?? []), hook.name]);
    }
  }
  return [...byHost]
    .map(([host, names]) => ({ host, hooks: names, reach: reachOf(host, allowed) }))
    .sort((one, other) => one.host.localeCompare(other.host));
}

/** What of a declared pattern a list of patterns allows. An empty list is no list. */
export function reachOf(declared: string, allowed: readonly string[]): Reach {
  if (allowed.length === 0 || allowed.some((pattern) => covers(pattern, declared))) return "all";
  return allowed.some((pattern) => covers(declared, pattern)) ? "some" : "none";
}

/** Whether every host of one pattern is a host of the other. */
function covers(pattern: string, other: string): boolean {
  if (pattern === "*" || pattern === other) return true;
  if (!pattern.startsWith("*.") || other === "*") return false;
  const domain = pattern.slice(1);
  return other.startsWith("*.") ? other.slice(1).endsWith(domain) : other.endsWith(domain);
}
