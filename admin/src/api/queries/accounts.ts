// Accounts of people who use the admin, and invitations of administrators of the server.
import { queryOptions } from "@tanstack/react-query";
import type { AdminAccount, Invitation, NewInvitation, NewPasswordReset } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, cache, ok } from "../client.ts";
import { sendsMail } from "./meta.ts";

export type { AdminAccount, NewPasswordReset };

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

/** The link is in the answer alone: whoever makes it hands it over. */
export const createPasswordReset = (account: string): Promise<NewPasswordReset> =>
  ok(api.POST(`${ADMIN}/accounts/{account}/password-reset`, { params: { path: { account } } }));

export const administratorInvitations = () =>
  queryOptions({
    queryKey: [...KEY, "invitations"],
    queryFn: async ({ signal }): Promise<Invitation[]> =>
      (await ok(api.GET(`${ADMIN}/invitations`, { signal }))).invitations,
  });

export async function inviteAdministrator(email: string): Promise<NewInvitation> {
  const mail = await sendsMail();
  const made = await ok(api.POST(`${ADMIN}/invitations`, { body: { email, mail } }));
  await stale();
  return made;
}

export async function revokeAdministratorInvitation(invitation: string): Promise<void> {
  await ok(api.DELETE(`${ADMIN}/invitations/{invitation}`, { params: { path: { invitation } } }));
  await stale();
}

const stale = () => cache.invalidateQueries({ queryKey: KEY });
