// Users of an environment: the list, one of them, what they can log in with, and what an admin does to them.
import { queryOptions } from "@tanstack/react-query";
import type {
  AdminUser,
  ExportedFactor,
  ExportedIdentity,
  PatchUsersUserRequest,
  PostUsersRequest,
  PostUsersUserBanRequest,
  UserExport,
  UserSession,
} from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { AdminUser, ExportedFactor, ExportedIdentity, PatchUsersUserRequest, UserSession };

/** Which users a list shows. */
export type UserFilter = {
  q?: string;
  banned?: boolean;
  verified?: boolean;
  provider?: string;
  createdAfter?: string;
  createdBefore?: string;
};

const ROWS = 50;

const keyOf = (place: Place) => [place.project, place.environment, "users"];
const at = (place: Place, user: string) => ({ path: { ...place, user } });

/** One page of the list; `before` is the last id of the page before. */
export const users = (place: Place, filter: UserFilter, before?: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "list", filter, before ?? null],
    queryFn: ({ signal }) => {
      const params = { path: place, query: { ...filter, before, limit: ROWS } };
      return ok(api.GET(`${ENVIRONMENT}/users`, { params, signal }));
    },
  });

export const user = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id],
    queryFn: async ({ signal }) => {
      const answer = await ok(api.GET(`${ENVIRONMENT}/users/{user}`, { params: at(place, id), signal }));
      return answer.user;
    },
  });

export async function createUser(place: Place, body: PostUsersRequest): Promise<AdminUser> {
  const answer = await ok(api.POST(`${ENVIRONMENT}/users`, { params: { path: place }, body }));
  await stale(place);
  return answer.user;
}

export async function patchUser(place: Place, id: string, body: PatchUsersUserRequest): Promise<AdminUser> {
  const answer = await ok(api.PATCH(`${ENVIRONMENT}/users/{user}`, { params: at(place, id), body }));
  await stale(place);
  return answer.user;
}

export async function deleteUser(place: Place, id: string): Promise<void> {
  await ok(api.DELETE(`${ENVIRONMENT}/users/{user}`, { params: at(place, id) }));
  cache.removeQueries({ queryKey: [...keyOf(place), id] });
  await cache.invalidateQueries({ queryKey: [...keyOf(place), "list"] });
}

export async function banUser(place: Place, id: string, body: PostUsersUserBanRequest): Promise<void> {
  await ok(api.POST(`${ENVIRONMENT}/users/{user}/ban`, { params: at(place, id), body }));
  await stale(place);
}

export async function unbanUser(place: Place, id: string): Promise<void> {
  await ok(api.POST(`${ENVIRONMENT}/users/{user}/unban`, { params: at(place, id) }));
  await stale(place);
}

/** Ends all sessions; how many there were. */
export async function endSessions(place: Place, id: string): Promise<number> {
  const answer = await ok(api.POST(`${ENVIRONMENT}/users/{user}/logout`, { params: at(place, id) }));
  await stale(place);
  return answer.revoked;
}

export const userSessions = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id, "sessions"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET(`${ENVIRONMENT}/users/{user}/sessions`, { params: at(place, id), signal }))).sessions,
  });

export async function endSession(place: Place, id: string, session: string): Promise<void> {
  const params = { path: { ...place, user: id, session } };
  await ok(api.DELETE(`${ENVIRONMENT}/users/{user}/sessions/{session}`, { params }));
  await stale(place);
}

/** Second factors, and how many recovery codes are left. */
export const userFactors = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id, "factors"],
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/users/{user}/factors`, { params: at(place, id), signal })),
  });

export async function removeFactor(place: Place, id: string, factor: string): Promise<void> {
  const params = { path: { ...place, user: id, factor } };
  await ok(api.DELETE(`${ENVIRONMENT}/users/{user}/factors/{factor}`, { params }));
  await stale(place);
}

/** Accounts at identity providers that the user can log in with. */
export const userIdentities = (place: Place, id: string) =>
  queryOptions({
    queryKey: [...keyOf(place), id, "identities"],
    queryFn: async ({ signal }) =>
      (await ok(api.GET(`${ENVIRONMENT}/users/{user}/identities`, { params: at(place, id), signal }))).identities,
  });

export async function unlinkIdentity(place: Place, id: string, provider: string): Promise<void> {
  const params = { path: { ...place, user: id, provider } };
  await ok(api.DELETE(`${ENVIRONMENT}/users/{user}/identities/{provider}`, { params }));
  await stale(place);
}

/** Sends the mail; the id of it. */
export async function sendPasswordReset(place: Place, id: string): Promise<string> {
  const answer = await ok(api.POST(`${ENVIRONMENT}/users/{user}/password-reset`, { params: at(place, id), body: {} }));
  return answer.mail;
}

/** Everything that is stored about a user. Each call is an entry in the audit log. */
export async function exportUser(place: Place, id: string): Promise<UserExport> {
  return ok(api.GET(`${ENVIRONMENT}/users/{user}/export`, { params: at(place, id) }));
}

const stale = (place: Place) => cache.invalidateQueries({ queryKey: keyOf(place) });
