import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = async ({ request }, _payload, { cache }) => {
  const count = await cache.increment(`signup:${request.ip}`, 1, { ttl: 3600 });
  if (count > 3) return { deny: { code: "too_many_signups", message: "Please try again later", status: 429 } };
};
