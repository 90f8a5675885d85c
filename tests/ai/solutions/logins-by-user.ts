import type { BeforeLogin } from "@aerocall/hooks";

export const beforeLogin: BeforeLogin = async (_context, { user }, { cache }) => {
  const count = await cache.increment(`login:${user.email.toLowerCase()}`, 1, { ttl: 600 });
  if (count > 5) return { deny: { code: "slow_down", message: "Please try again later", status: 429 } };
};
