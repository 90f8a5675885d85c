import type { BeforeSignup } from "@aerocall/hooks";

/** Free and throw-away mail: nobody's work address. */
const refused = new Set([
  "aol.com",
  "gmail.com",
  "gmx.de",
  "gmx.net",
  "googlemail.com",
  "guerrillamail.com",
  "hotmail.com",
  "icloud.com",
  "mailinator.com",
  "outlook.com",
  "proton.me",
  "web.de",
  "yahoo.com",
  "yopmail.com",
]);

export const beforeSignup: BeforeSignup = async (_context, payload) => {
  const email = payload.user.email.toLowerCase();
  if (refused.has(email.slice(email.lastIndexOf("@") + 1))) {
    return { deny: { code: "blocked_domain", message: "Please use your work address", status: 403 } };
  }
  return { patch: { user: { email, metadata: { source: "web" } } } };
};
