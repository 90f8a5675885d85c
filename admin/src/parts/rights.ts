// What the signed-in person may do in the project of the page, so that a button can say why it cannot be used. The server decides
// by the same table for every request: this is only for words.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { components } from "../../../docs/openapi.d.ts";
import { currentAdmin } from "../api/queries/session.ts";

export type Permission = components["schemas"]["Permission"];
type Role = components["schemas"]["Role"];

const VIEWER: Permission[] = ["project:read", "hooks:read", "data:read", "settings:read"];
const DEVELOPER: Permission[] = [...VIEWER, "hooks:deploy", "data:write", "settings:write"];
const OF_ROLE: Record<Role, readonly Permission[]> = {
  viewer: VIEWER,
  developer: DEVELOPER,
  owner: [...DEVELOPER, "project:manage"],
};
const NEEDED_ROLE: Partial<Record<Permission, string>> = {
  "hooks:deploy": "developer",
  "data:write": "developer",
  "settings:write": "developer",
  "project:manage": "owner",
};

export type Rights = {
  role: Role | null;
  isAdministrator: boolean;
  /** None if it is permitted, else the sentence that says what is missing: for `whyNot`. */
  why: (permission: Permission) => string | undefined;
};

export function useRights(): Rights {
  const { project } = useParams({ strict: false });
  const { data } = useQuery(currentAdmin);
  const isAdministrator = data?.account?.isAdministrator ?? false;
  const role = data?.roles.find((one) => one.project === project)?.role ?? null;
  return {
    role,
    isAdministrator,
    why: (permission) => {
      // Until it is known who asks, nothing is refused: the server does.
      if (!data || isAdministrator) return undefined;
      if (permission === "server:manage") return "Only an administrator of the server can do this";
      if (role && OF_ROLE[role].includes(permission)) return undefined;
      const needed = NEEDED_ROLE[permission] ?? "viewer";
      return `This needs the role ${needed}; yours is ${role ?? "none"}. An owner of the project can change it`;
    },
  };
}
