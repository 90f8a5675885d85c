// Accounts of people who use the admin, and invitations of administrators of the server.
import { queryOptions } from "@tanstack/react-query";
import type { AdminAccount, Invitation, NewInvitation } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, cache, ok } from "../client.ts";

export type { AdminAccount };

const KEY = ["@accounts"];

export const accounts = () =>
  queryOptions({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await ok(api.GET(`${ADMIN}/accounts`, { signal }))).accounts,
  });

export async function changeAccount(account: string, isAdministrator: boolean): Promise<void> {
  const params = { path: { account } };
  await ok(api.PATCH(`${ADMIN}/accounts/{account}`, { params, body: { isAdministrator } }));
  await stale();
}

export async function deleteAccount(account: string): Promise<void> {
  await ok(api.DELETE(`${ADMIN}/accounts/{account}`, { params: { path: { account } } }));
  await stale();
}

export const administratorInvitations = () =>
  queryOptions({
    queryKey: [...KEY, "invitations"],
    queryFn: async ({ signal }): Promise<Invitation[]> =>
      (await ok(api.GET(`${ADMIN}/invitations`, { signal }))).invitations,
  });

export async function inviteAdministrator(email: string): Promise<NewInvitation> {
  const made = await ok(api.POST(`${ADMIN}/invitations`, { body: { email } }));
  await stale();
  return made;
}

export async function revokeAdministratorInvitation(invitation: string): Promise<void> {
  await ok(api.DELETE(`${ADMIN}/invitations/{invitation}`, { params: { path: { invitation } } }));
  await stale();
}

const stale = () => cache.invalidateQueries({ queryKey: KEY });
