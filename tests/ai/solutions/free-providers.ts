import type { BeforeSignup } from "@aerocall/hooks";

const refused = new Set(["gmail.com", "yahoo.com", "outlook.com"]);

export const beforeSignup: BeforeSignup = (_context, { user }) => {
  const domain = user.email.slice(user.email.lastIndexOf("@") + 1).toLowerCase();
  if (refused.has(domain)) {
    return { deny: { code: "free_provider", message: "Please use your work address", status: 403 } };
  }
};
