// What belongs to the signed-in account: its sessions, its second factor, its personal tokens.
import { queryOptions } from "@tanstack/react-query";
import type { PostAdminApiV1AccountTokensRequest } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, cache, ok } from "../client.ts";
import { currentAdmin } from "./session.ts";

const ACCOUNT = `${ADMIN}/account` as const;

export const ownSessions = queryOptions({
  queryKey: ["@account", "sessions"],
  queryFn: ({ signal }) => ok(api.GET(`${ACCOUNT}/sessions`, { signal })),
});

export const ownTokens = queryOptions({
  queryKey: ["@account", "tokens"],
  queryFn: ({ signal }) => ok(api.GET(`${ACCOUNT}/tokens`, { signal })),
});

export async function endSession(session: string): Promise<void> {
  await ok(api.DELETE(`${ACCOUNT}/sessions/{session}`, { params: { path: { session } } }));
  await cache.invalidateQueries({ queryKey: ownSessions.queryKey });
}

export async function endOtherSessions(): Promise<void> {
  await ok(api.DELETE(`${ACCOUNT}/sessions`));
  await cache.invalidateQueries({ queryKey: ownSessions.queryKey });
}

export async function changePassword(currentPassword: string, password: string): Promise<void> {
  await ok(api.POST(`${ACCOUNT}/password`, { body: { currentPassword, password } }));
  await cache.invalidateQueries({ queryKey: ownSessions.queryKey });
}

export const beginTotp = () => ok(api.POST(`${ACCOUNT}/totp`));

export async function confirmTotp(code: string): Promise<string[]> {
  const { recoveryCodes } = await ok(api.POST(`${ACCOUNT}/totp/confirm`, { body: { code } }));
  await Promise.all([currentAdmin, ownSessions].map(({ queryKey }) => cache.invalidateQueries({ queryKey })));
  return recoveryCodes;
}

export async function removeTotp(): Promise<void> {
  await ok(api.DELETE(`${ACCOUNT}/totp`));
  await cache.invalidateQueries({ queryKey: currentAdmin.queryKey });
}

export async function newRecoveryCodes(): Promise<string[]> {
  const { recoveryCodes } = await ok(api.POST(`${ACCOUNT}/recovery-codes`));
  return recoveryCodes;
}

export async function createToken(body: PostAdminApiV1AccountTokensRequest): Promise<string> {
  const { token } = await ok(api.POST(`${ACCOUNT}/tokens`, { body }));
  await cache.invalidateQueries({ queryKey: ownTokens.queryKey });
  return token;
}

export async function revokeToken(token: string): Promise<void> {
  await ok(api.DELETE(`${ACCOUNT}/tokens/{token}`, { params: { path: { token } } }));
  await cache.invalidateQueries({ queryKey: ownTokens.queryKey });
}
