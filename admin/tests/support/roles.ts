// Accounts of every role, as they are made for real: an account, and its role in the project.
import type { TestServer } from "./server.ts";

/** `administrator` is one of the whole server; the others are roles in a project. */
export const ROLES = ["administrator", "owner", "developer", "viewer"] as const;
export type RoleName = (typeof ROLES)[number];

export const ROLE_PASSWORD = "a password for every role";

/** Makes an account for each role; answers with their addresses. */
export async function makeAccounts(server: TestServer, project: string): Promise<Record<RoleName, string>> {
  const addresses = Object.fromEntries(ROLES.map((role) => [role, `${role}@team.example`])) as Record<RoleName, string>;
  for (const role of ROLES) {
    const email = addresses[role];
    const account = await server.api<{ id: string }>("POST", "/admin/api/v1/accounts", {
      email,
      password: ROLE_PASSWORD,
    });
    if (role === "administrator") {
      await server.api("PATCH", `/admin/api/v1/accounts/${account.id}`, { isAdministrator: true });
    } else {
      await server.api("POST", `/admin/api/v1/projects/${project}/members`, { email, role });
    }
  }
  return addresses;
}
