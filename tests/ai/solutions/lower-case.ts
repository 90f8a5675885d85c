import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = (_context, { user }) => {
  const email = user.email.toLowerCase();
  if (email !== user.email) return { patch: { user: { email } } };
};
