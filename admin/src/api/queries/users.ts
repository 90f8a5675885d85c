// Users of an environment: the list, one of them, what they can log in with, and what an admin does to them.
import { queryOptions } from "@tanstack/react-query";
import type {
  AdminUser,
  PatchUsersUserRequest,
  PostUsersRequest,
  PostUsersUserBanRequest,
  UserExport,
} from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type { AdminUser, PatchUsersUserRequest, PostUsersRequest, UserExport };

/** Which users a list shows. */
export type UserFilter = { q?: string };

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

/** Everything that is stored about a user. Each call is an entry in the audit log. */
export async function exportUser(place: Place, id: string): Promise<UserExport> {
  return ok(api.GET(`${ENVIRONMENT}/users/{user}/export`, { params: at(place, id) }));
}

const stale = (place: Place) => cache.invalidateQueries({ queryKey: keyOf(place) });
