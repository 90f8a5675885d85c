import type { BeforeLogin } from "@aerocall/hooks";

export const beforeLogin: BeforeLogin = (_context, { user }) => {
  if (user.metadata["suspended"] === true) {
    return { deny: { code: "account_suspended", message: "This account is suspended", status: 403 } };
  }
};
