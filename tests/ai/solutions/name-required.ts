import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = (_context, { user }) => {
  if ((user.name ?? "").trim().length >= 2) return;
  return { deny: { code: "name_required", message: "Please tell us your name", status: 422 } };
};
