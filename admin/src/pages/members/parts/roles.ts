// The roles of a project and what each may do, in words.
import type { Role } from "../../../api/queries/members.ts";

export const ROLES: readonly { value: Role; title: string; hint: string }[] = [
  {
    value: "viewer",
    title: "Viewer",
    hint: "Sees everything in the project, also personal data of users, and changes nothing.",
  },
  { value: "developer", title: "Developer", hint: "Also deploys hooks and changes users, settings and secrets." },
  { value: "owner", title: "Owner", hint: "Also manages keys, tokens, members and the name of the project." },
];

export function isRole(text: string): text is Role {
  return ROLES.some(({ value }) => value === text);
}

export function titleOf(role: Role | null): string {
  return ROLES.find(({ value }) => value === role)?.title ?? "Administrator";
}
