// Admin tokens of a project (`pt_…`) and of the whole server (`at_…`). A token is shown once, in the answer that makes it.
import { queryOptions } from "@tanstack/react-query";
import type { AdminToken, NewAdminToken, Permission } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, cache, ok, PROJECT } from "../client.ts";

export type { AdminToken, NewAdminToken, Permission };

/** A token to be made: without scopes it may do everything in its place. */
export type WantedToken = { name: string; scopes?: Permission[]; environment?: string; expiresAt?: string };

/** Where tokens belong: a project, or the server. */
export type Holder = { project: string } | "server";

const keyOf = (holder: Holder) => (holder === "server" ? ["@tokens"] : [holder.project, "tokens"]);

export const adminTokens = (holder: Holder) =>
  queryOptions({
    queryKey: keyOf(holder),
    queryFn: async ({ signal }) =>
      holder === "server"
        ? (await ok(api.GET(`${ADMIN}/tokens`, { signal }))).tokens
        : (await ok(api.GET(`${PROJECT}/tokens`, { params: { path: holder }, signal }))).tokens,
  });

export async function createToken(holder: Holder, wanted: WantedToken): Promise<NewAdminToken> {
  const { environment: _, ...ofServer } = wanted;
  const made =
    holder === "server"
      ? await ok(api.POST(`${ADMIN}/tokens`, { body: ofServer }))
      : await ok(api.POST(`${PROJECT}/tokens`, { params: { path: holder }, body: wanted }));
  await stale(holder);
  return made;
}

/** A token in the place of another, which works for `overlapSeconds` more. */
export async function rotateToken(holder: Holder, token: string, overlapSeconds: number): Promise<NewAdminToken> {
  const body = { overlapSeconds };
  const made =
    holder === "server"
      ? await ok(api.POST(`${ADMIN}/tokens/{token}/rotate`, { params: { path: { token } }, body }))
      : await ok(api.POST(`${PROJECT}/tokens/{token}/rotate`, { params: { path: { ...holder, token } }, body }));
  await stale(holder);
  return made;
}

export async function revokeToken(holder: Holder, token: string): Promise<void> {
  if (holder === "server") await ok(api.DELETE(`${ADMIN}/tokens/{token}`, { params: { path: { token } } }));
  else await ok(api.DELETE(`${PROJECT}/tokens/{token}`, { params: { path: { ...holder, token } } }));
  await stale(holder);
}

const stale = (holder: Holder) => cache.invalidateQueries({ queryKey: keyOf(holder) });
