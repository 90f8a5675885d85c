import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = async (_context, _payload, { cache }) => {
  if ((await cache.get("signups_closed")) === true) {
    return { deny: { code: "closed", message: "Sign-up is closed for now", status: 423 } };
  }
};
