import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = (_context, { user }) => {
  const domain = user.email.slice(user.email.lastIndexOf("@") + 1).toLowerCase();
  if (domain === "acme.example" || domain.endsWith(".acme.example")) return;
  return { deny: { code: "domain_not_allowed", message: "Please use the address of your company", status: 403 } };
};
