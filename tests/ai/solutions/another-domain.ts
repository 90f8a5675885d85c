import type { BeforeSignup } from "@aerocall/hooks";

const refused = new Set(["gmail.com", "hotmail.com"]);

export const beforeSignup: BeforeSignup = (_context, { user }) => {
  const domain = user.email.slice(user.email.lastIndexOf("@") + 1).toLowerCase();
  if (refused.has(domain)) {
    return { deny: { code: "free_mail", message: "Please use another address", status: 403 } };
  }
};
