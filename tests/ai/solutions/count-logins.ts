import type { AfterLogin } from "@aerocall/hooks";

export const afterLogin: AfterLogin = (_context, { user }) => {
  const before = user.metadata["logins"];
  return { patch: { user: { metadata: { logins: (typeof before === "number" ? before : 0) + 1 } } } };
};
