import type { BeforeSignup } from "@aerocall/hooks";

/** Domains whose addresses may sign up. A name with a dot in front stands for everything below it. */
const allowed = ["acme.example", ".partners.example"];

function isAllowed(domain: string): boolean {
  return allowed.some((name) => (name.startsWith(".") ? domain.endsWith(name) : domain === name));
}

export const beforeSignup: BeforeSignup = (_context, { user }) => {
  const domain = user.email.slice(user.email.lastIndexOf("@") + 1).toLowerCase();
  if (isAllowed(domain)) return;
  return { deny: { code: "domain_not_allowed", message: "Please use the address of your company", status: 403 } };
};
