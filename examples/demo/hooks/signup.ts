import type { BeforeSignup } from "@aerocall/hooks";

const refused = new Set(["mailinator.com", "guerrillamail.com", "yopmail.com"]);

export const beforeSignup: BeforeSignup = async (_context, payload) => {
  const email = payload.user.email.toLowerCase();
  if (refused.has(email.slice(email.lastIndexOf("@") + 1))) {
    return { deny: { code: "blocked_domain", message: "Please use your work address", status: 403 } };
  }
  return { patch: { user: { email, metadata: { source: "web" } } } };
};
