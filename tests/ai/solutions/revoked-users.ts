import type { BeforeTokenRefresh } from "@aerocall/hooks";

export const beforeTokenRefresh: BeforeTokenRefresh = async (_context, { user }, { cache }) => {
  if ((await cache.get(`revoked:${user.id}`)) === null) return;
  return { deny: { code: "revoked", message: "Please log in again", status: 403 } };
};
