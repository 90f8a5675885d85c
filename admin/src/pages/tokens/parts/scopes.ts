// What an admin token may do, in words, and which permissions bring others with them.
import type { Permission } from "../../../api/queries/tokens.ts";

export type Scope = { name: Permission; about: string; includes: readonly Permission[]; serverOnly?: boolean };

/** In the order of the table in docs/security.md. */
export const SCOPES: readonly Scope[] = [
  { name: "project:read", about: "See the project and its environments.", includes: [] },
  { name: "hooks:read", about: "See hooks, versions, deployments, migrations and endpoints.", includes: [] },
  {
    name: "hooks:deploy",
    about: "Upload versions, deploy, roll back, enable and disable hooks.",
    includes: ["hooks:read"],
  },
  {
    name: "data:read",
    about: "See users, events, invocations, jobs, mails with their codes, deliveries and the audit log: personal data.",
    includes: [],
  },
  { name: "data:write", about: "Change users, requeue jobs, send deliveries again.", includes: ["data:read"] },
  {
    name: "settings:read",
    about: "See settings, webhooks, mail templates, public signing keys, names of keys and secrets.",
    includes: [],
  },
  {
    name: "settings:write",
    about: "Change settings, webhooks, mail templates and secrets; rotate signing keys.",
    includes: ["settings:read"],
  },
  {
    name: "project:manage",
    about: "Manage keys, tokens, members and the name of the project.",
    includes: [
      "project:read",
      "hooks:read",
      "hooks:deploy",
      "data:read",
      "data:write",
      "settings:read",
      "settings:write",
    ],
  },
  {
    name: "server:manage",
    about: "Create and delete projects and environments; tokens and audit log of the server.",
    includes: [
      "project:read",
      "hooks:read",
      "hooks:deploy",
      "data:read",
      "data:write",
      "settings:read",
      "settings:write",
      "project:manage",
    ],
    serverOnly: true,
  },
];

/** The permission that brings this one with it, if one of those chosen does. */
export function includedBy(name: Permission, chosen: readonly Permission[]): Permission | undefined {
  // Every other permission shows the project.
  if (name === "project:read") return chosen.find((other) => other !== name);
  return SCOPES.find((scope) => chosen.includes(scope.name) && scope.includes.includes(name))?.name;
}

/** The list without what others of it bring along: what is sent, and shown. */
export function shortest(chosen: readonly Permission[]): Permission[] {
  return SCOPES.map((scope) => scope.name).filter((name) => chosen.includes(name) && !includedBy(name, chosen));
}

/** `everything`, or the permissions that are not brought along by others. */
export function scopesInWords(scopes: readonly Permission[], isOfServer: boolean): string {
  const whole: Permission = isOfServer ? "server:manage" : "project:manage";
  return scopes.includes(whole) ? "everything" : shortest(scopes).join(", ");
}
