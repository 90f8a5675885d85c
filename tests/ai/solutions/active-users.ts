import type { EventHandlers } from "@aerocall/hooks";

export const on: EventHandlers = {
  "auth.signup": async (_context, _event, { cache }) => {
    await cache.increment("users", 1);
  },
  "auth.user.deleted": async (_context, _event, { cache }) => {
    await cache.increment("users", -1);
  },
};
