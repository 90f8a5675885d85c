import type { BeforeSignup } from "@aerocall/hooks";

/** Maximum number of signups from one IP address within an hour. */
const MOST = 5;

export const beforeSignup: BeforeSignup = async (context, payload, Aerocall) => {
  const count = await Aerocall.cache.increment(`signup:${context.request.ip}`, 1, { ttl: 3600 });
  if (count > MOST) {
    Aerocall.log.warn("too many signups from", context.request.ip);
    return { deny: { code: "too_many_signups", message: "Please try again later", status: 429 } };
  }
  return { patch: { user: { email: payload.user.email.trim().toLowerCase(), metadata: { source: "web" } } } };
};
