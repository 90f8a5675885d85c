// Who has a role in a project, and the invitations that wait.
import { queryOptions } from "@tanstack/react-query";
import type { Invitation, Member, NewInvitation, Role } from "../../../../docs/openapi.d.ts";
import { api, cache, ok, PROJECT } from "../client.ts";
import { sendsMail } from "./meta.ts";

export type { Invitation, Member, NewInvitation, Role };

const keyOf = (project: string) => [project, "members"];
const at = (project: string, member: string) => ({ path: { project, member } });

export const members = (project: string) =>
  queryOptions({
    queryKey: keyOf(project),
    queryFn: async ({ signal }) =>
      (await ok(api.GET(`${PROJECT}/members`, { params: { path: { project } }, signal }))).members,
  });

/** Gives a role to an account that is there. */
export async function addMember(project: string, email: string, role: Role): Promise<Member> {
  const body = { email, role };
  const added = await ok(api.POST(`${PROJECT}/members`, { params: { path: { project } }, body }));
  await stale(project);
  return added;
}

export async function changeMember(project: string, member: string, role: Role): Promise<void> {
  await ok(api.PATCH(`${PROJECT}/members/{member}`, { params: at(project, member), body: { role } }));
  await stale(project);
}

export async function removeMember(project: string, member: string): Promise<void> {
  await ok(api.DELETE(`${PROJECT}/members/{member}`, { params: at(project, member) }));
  await stale(project);
}

export const invitations = (project: string) =>
  queryOptions({
    queryKey: [...keyOf(project), "invitations"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET(`${PROJECT}/invitations`, { params: { path: { project } }, signal }))).invitations,
  });

/** Mailed where the server has a mail server. The link is in the answer alone. */
export async function invite(project: string, email: string, role: Role): Promise<NewInvitation> {
  const body = { email, role, mail: await sendsMail() };
  const made = await ok(api.POST(`${PROJECT}/invitations`, { params: { path: { project } }, body }));
  await stale(project);
  return made;
}

export async function revokeInvitation(project: string, invitation: string): Promise<void> {
  const params = { path: { project, invitation } };
  await ok(api.DELETE(`${PROJECT}/invitations/{invitation}`, { params }));
  await stale(project);
}

const stale = (project: string) => cache.invalidateQueries({ queryKey: keyOf(project) });
