import type { EventHandlers } from "@aerocall/hooks";

export const on: EventHandlers = {
  "auth.login": async (_context, event, { cache }) => {
    await cache.set(`last_login:${event.data.user.id}`, event.time, { ttl: 30 * 24 * 3600 });
  },
};
