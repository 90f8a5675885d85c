import type { BeforeUserUpdate } from "@aerocall/hooks";

const domainOf = (email: string): string => email.slice(email.lastIndexOf("@") + 1).toLowerCase();

export const beforeUserUpdate: BeforeUserUpdate = (_context, { user, changes }) => {
  if (changes.email === undefined || domainOf(changes.email) === domainOf(user.email)) return;
  return { deny: { code: "domain_change", message: "Please keep to your company's domain", status: 403 } };
};
