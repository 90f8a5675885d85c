import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = (_context, { user }) => {
  const at = user.email.lastIndexOf("@");
  const plus = user.email.indexOf("+");
  if (plus <= 0 || plus > at) return;
  return { patch: { user: { email: user.email.slice(0, plus) + user.email.slice(at) } } };
};
